import { freeName } from '../../graph/graph';
import {
  type ModuleName,
  moduleName,
  type NodeName,
  nodeName,
  type ParamName,
  paramName,
} from '../../graph/ids';
import type { Attribute, ModuleSpec } from '../../graph/model';
import type { Argument, Node, NodeRef } from '../../graph/node';
import { ref } from '../../graph/node';
import type { Dim, Shape } from '../../graph/shape';
import type { Tensor } from '../../graph/tensor';
import { FormatError } from '../errors';
import { scalarTypeName } from './scalarTypes';
import type { SymInt, TensorMeta } from './schema';
import { type AtenValue, isTensor, isValueList } from './value';

/** What a name of the file stands for. */
export type Binding =
  | { readonly kind: 'node'; readonly node: NodeName }
  /** A tensor of the model, perhaps with its two axes swapped; it becomes a `get_attr` node where a call needs one. */
  | { readonly kind: 'param'; readonly param: ParamName; readonly transposed: boolean }
  /** A further result of an op, which the studio does not compute. */
  | { readonly kind: 'absent'; readonly what: string };

/** The element types that the IR has, for a dtype of PyTorch. */
const IR_DTYPES: Readonly<Record<string, string>> = {
  float16: 'torch.float32',
  bfloat16: 'torch.float32',
  float32: 'torch.float32',
  float64: 'torch.float32',
  bool: 'torch.bool',
};

/** A dimension as the IR has it: a number, or the symbol's name (`Symbol('s0', …)` or `s0`); other expressions are open. */
export function dimOf(size: SymInt): Dim {
  if ('as_int' in size) return size.as_int;
  const text = size.as_expr.expr_str;
  const [, symbol, plain] = /^(?:Symbol\('(\w+)'.*\)|(\w+))$/.exec(text) ?? [];
  return symbol ?? plain ?? '?';
}

/** The graph as built so far: its nodes, modules and parameters, and what each name of the file stands for. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly modules: Record<ModuleName, ModuleSpec> = {};
  readonly params: Record<string, Tensor> = {};
  private readonly bindings = new Map<string, Binding>();
  private readonly taken = new Set<string>();
  private readonly attrs = new Map<ParamName, NodeName>();

  constructor(
    readonly file: string,
    private readonly metas: Readonly<Record<string, TensorMeta>>,
    /** Names that nodes of the file have: helpers keep clear of them. */
    private readonly reserved: ReadonlySet<string>,
  ) {}

  bind(name: string, binding: Binding): void {
    this.bindings.set(name, binding);
  }

  isBound(name: string): boolean {
    return this.bindings.has(name);
  }

  /** What a name stands for; a FormatError that names the reader for one that nothing has defined. */
  binding(name: string, reader: string): Binding {
    const found = this.bindings.get(name);
    if (found) return found;
    throw new FormatError(
      this.file,
      `node '${reader}' reads '${name}', which no input and no node before it gives. The file is damaged.`,
      reader,
    );
  }

  shapeOf(name: string): Shape {
    const meta = Object.hasOwn(this.metas, name) ? this.metas[name] : undefined;
    return meta?.sizes.map(dimOf) ?? null;
  }
  dtypeOf(name: string): string | null {
    const meta = Object.hasOwn(this.metas, name) ? this.metas[name] : undefined;
    return meta ? scalarTypeName(meta.dtype) : null;
  }

  /** A name for a node: the one that the file has for its result where that is free, else one that no node has. */
  private nameFor(base: string, own: string | null): NodeName {
    const isTaken = (name: string) => this.taken.has(name) || (name !== own && this.reserved.has(name));
    const name = nodeName(freeName(base, isTaken));
    this.taken.add(name);
    return name;
  }

  placeholder(name: string): NodeName {
    const node = this.nameFor(name, name);
    this.nodes.push({ name: node, op: 'placeholder', target: name, args: [], kwargs: {} });
    this.bind(name, { kind: 'node', node });
    return node;
  }

  callFunction(
    base: string,
    own: string | null,
    target: string,
    args: readonly Argument[],
    kwargs: Readonly<Record<string, Argument>> = {},
  ): NodeRef {
    const name = this.nameFor(base, own);
    this.nodes.push({ name, op: 'call_function', target, args, kwargs });
    return ref(name);
  }

  callMethod(base: string, own: string | null, target: string, args: readonly Argument[]): NodeRef {
    const name = this.nameFor(base, own);
    this.nodes.push({ name, op: 'call_method', target, args, kwargs: {} });
    return ref(name);
  }

  /** Calls a module, named after its path as FX does; null when another type of module has that path already. */
  callModule(
    path: string,
    type: string,
    attrs: Readonly<Record<string, Attribute>>,
    input: Argument,
  ): NodeRef | null {
    const target = moduleName(path);
    const known = Object.hasOwn(this.modules, target) ? this.modules[target] : undefined;
    if (known && JSON.stringify(known) !== JSON.stringify({ type, attrs })) return null;
    this.modules[target] = { type, attrs };
    const name = this.nameFor(path, null);
    this.nodes.push({ name, op: 'call_module', target, args: [input], kwargs: {} });
    return ref(name);
  }

  /** The `get_attr` node of a tensor of the model, made at its first use. */
  getAttr(param: ParamName): NodeRef {
    const known = this.attrs.get(param);
    if (known) return ref(known);
    const name = this.nameFor(param, null);
    this.nodes.push({ name, op: 'get_attr', target: param, args: [], kwargs: {} });
    this.attrs.set(param, name);
    return ref(name);
  }

  /** A constant that no tensor of the file is. */
  constant(base: string, tensor: Tensor): NodeRef {
    const name = paramName(freeName(`_${base}`, (candidate) => Object.hasOwn(this.params, candidate)));
    this.params[name] = tensor;
    return this.getAttr(name);
  }

  /** The node that holds what a name stands for. */
  operand(name: string, reader: string): NodeRef {
    const binding = this.binding(name, reader);
    switch (binding.kind) {
      case 'node':
        return ref(binding.node);
      case 'param': {
        const attr = this.getAttr(binding.param);
        return binding.transposed
          ? this.callFunction(`${attr.node}_t`, null, 'torch.transpose', [attr, 0, 1])
          : attr;
      }
      case 'absent':
        throw new FormatError(
          this.file,
          `node '${reader}' reads '${name}', ${binding.what}, which the studio does not compute.`,
          reader,
        );
      default:
        return binding satisfies never;
    }
  }

  /** A value as an argument of the IR. */
  argument(value: AtenValue, reader: string): Argument {
    if (isValueList(value)) return value.map((item) => this.argument(item, reader));
    if (typeof value !== 'object' || value === null) return value;
    if (isTensor(value)) return this.operand(value.tensor, reader);
    if ('size' in value) return this.operand(value.size, reader);
    if ('scalarType' in value) {
      const name = scalarTypeName(value.scalarType);
      return { dtype: IR_DTYPES[name] ?? `torch.${name}` };
    }
    throw new FormatError(
      this.file,
      `node '${reader}' has an argument of the form '${value.form}', which the studio does not read.`,
      reader,
    );
  }
}
