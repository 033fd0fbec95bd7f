import { freeName } from '../../../graph/graph';
import {
  type ModuleName,
  moduleName,
  type NodeName,
  nodeName,
  type ParamName,
  paramName,
} from '../../../graph/ids';

const clean = (text: string): string =>
  text.replace(/[^0-9a-zA-Z_]+/g, '_').replace(/^_+(?=[^\d_])|_+$/g, '');

/** The parts of an ONNX node's name, which exporters write as a path: `/encoder/fc1/MatMul`. */
const pathOf = (name: string): readonly string[] => name.split('/').map(clean).filter(Boolean);

/**
 * The modules around an ONNX node, from its name: `['layers', '0']` of `/layers.0/MatMul`; null where the name is no
 * path.
 */
export function modulesAround(name: string): readonly string[] | null {
  if (!name.includes('/')) return null;
  return name
    .split('/')
    .slice(0, -1)
    .flatMap((part) => part.split('.'))
    .filter(Boolean);
}

/** Names that an exporter made up from the op's type: `Relu`, `Relu_2`. */
const isMadeUp = (part: string, opType: string): boolean =>
  part === opType || (part.startsWith(`${opType}_`) && /^\d+$/.test(part.slice(opType.length + 1)));

/** Base of an FX node's name: the last parts of the ONNX name, `fallback` where that says only the op's type. */
export function nodeBase(name: string, opType: string, fallback: string): string {
  const path = pathOf(name);
  const last = path.at(-1);
  if (last === undefined) return fallback;
  const own = isMadeUp(last, opType) ? fallback : last;
  const parent = path.at(-2);
  return parent === undefined ? own : `${parent}_${own}`;
}

/**
 * Base of a module's dotted name: where its tensors are called `fc1.weight` or `fc1.bias`, `fc1`; else the path
 * in the node's name; else `fallback`.
 */
export function moduleBase(
  node: { readonly name: string; readonly opType: string },
  tensors: readonly string[],
  fallback: string,
): string {
  for (const tensor of tensors) {
    const prefix = /^(.+)\.(?:weight|bias)$/.exec(tensor)?.[1];
    const dotted = prefix?.split(/[./]/).map(clean).filter(Boolean).join('.');
    if (dotted) return dotted;
  }
  const path = pathOf(node.name);
  const last = path.at(-1);
  if (last === undefined) return fallback;
  const own = isMadeUp(last, node.opType) ? path.slice(0, -1) : path;
  return own.join('.') || fallback;
}

/** Base of a placeholder's name; names that PyTorch's exporter numbered (`onnx::Flatten_0`, `13`) become `x`. */
export const inputBase = (name: string): string => (/^onnx::|^\d+$/.test(name) ? 'x' : clean(name) || 'x');

/** `base`, `base_1`, `base_2` …: the first that is not taken. */
function numbered(base: string, taken: (name: string) => boolean): string {
  let name = base;
  for (let number = 1; taken(name) || name in Object.prototype; number++) name = `${base}_${number}`;
  return name;
}

/** Hands out names of the IR, each once. */
export class NameBook {
  private readonly nodes = new Set<string>();
  private readonly dotted = new Set<string>();
  /** First parts of dotted names: PyTorch cannot hold a tensor `a` beside a module `a.b`. */
  private readonly roots = new Map<string, 'module' | 'constant'>();

  node(base: string): NodeName {
    const name = freeName(base, (candidate) => this.nodes.has(candidate));
    this.nodes.add(name);
    return nodeName(name);
  }

  /** A module's name, kept dotted; its `weight` and `bias` are taken with it. */
  module(base: string): ModuleName {
    const [root = base, ...rest] = base.split('.');
    const freeRoot = numbered(root, (name) => this.roots.get(name) === 'constant');
    const name = numbered([freeRoot, ...rest].join('.'), (candidate) => this.dotted.has(candidate));
    for (const used of [name, `${name}.weight`, `${name}.bias`]) this.dotted.add(used);
    this.roots.set(freeRoot, 'module');
    return moduleName(name);
  }

  /** The name of a tensor that a `get_attr` node reads: undotted, so it stands on the root module. */
  constant(base: string): ParamName {
    const name = freeName(clean(base) || 'constant', (candidate) => this.roots.has(candidate));
    this.roots.set(name, 'constant');
    return paramName(name);
  }
}
