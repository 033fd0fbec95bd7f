import { expect } from 'vitest';
import { z } from 'zod';
import type { ModuleName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { type Argument, isList, type Node, type NodeRef } from '../../graph/node';
import type { Tensor } from '../../graph/tensor';
import { type ObservedModel, observerRoot } from '../../quant/observer';
import { expectClose } from '../testNumbers';
import type { GoldenNode } from './testGolden';

/* Graphs side by side with PyTorch's: one line a node, free of made-up names. For tests only. */

/** A node as the goldens have it: references by place, observers by object, constants by value. */
interface PlainNode {
  readonly op: string;
  /** What is called or read; null for a constant that PyTorch or we named ourselves. */
  readonly what: string | null;
  readonly args: unknown;
  readonly kwargs: unknown;
  readonly constant: Tensor | null;
}

const line = (node: PlainNode, place: number): string =>
  `${place} ${node.op} ${node.what ?? 'constant'} ${JSON.stringify(node.args)} ${JSON.stringify(node.kwargs)}`;

function goldenNode({ op, target, type, observer, packed, args, kwargs, constant }: GoldenNode): PlainNode {
  const what = packed ? 'packed weight' : (whatOf(type, observer, target) ?? target ?? null);
  return { op, what, args, kwargs, constant: constant ?? null };
}

const whatOf = (
  type: string | undefined,
  observer: number | undefined,
  target: string | undefined,
): string | null => {
  if (type === undefined) return null;
  return observer === undefined ? `${type} '${target}'` : `${type} #${observer}`;
};

/** PyTorch 1.13 moved `torch.nn.quantized` to `torch.ao.nn.quantized` and answers to both. */
const publicType = (type: string) =>
  type.replace('torch.ao.nn.', 'torch.nn.').replace('quantized._reference.', 'quantized.reference.');

/** Every node of ours in the goldens' form; `float` has the tensors that keep their names. */
function plainNodes(model: Model | ObservedModel, float: Model): readonly PlainNode[] {
  const places = new Map(model.graph.nodes.map((node, place) => [node.name, place]));
  const objects: string[] = [];
  const place = (reference: NodeRef) => ({ node: places.get(reference.node) });
  return model.graph.nodes.map((node) => ({
    op: node.op,
    what: target(node),
    args: node.args.map((arg) => argument(arg, place)),
    kwargs: Object.fromEntries(
      Object.entries(node.kwargs).map(([key, value]) => [key, argument(value, place)]),
    ),
    constant: isConstant(node) ? (model.params[node.target] ?? null) : null,
  }));

  function isConstant(node: Node): node is Node & { op: 'get_attr' } {
    return node.op === 'get_attr' && !Object.hasOwn(float.params, node.target);
  }
  function target(node: Node): string | null {
    if (isConstant(node)) return model.params[node.target] ? null : 'packed weight';
    if (node.op !== 'call_module') return node.target;
    const type = model.modules[node.target]?.type ?? 'missing';
    const isObserver = type.startsWith('torch.ao.quantization.');
    return whatOf(publicType(type), isObserver ? objectOf(node.target) : undefined, node.target);
  }
  function objectOf(module: ModuleName): number {
    const root = 'observers' in model ? observerRoot(model, module) : module;
    if (!objects.includes(root)) objects.push(root);
    return objects.indexOf(root);
  }
}

function argument(arg: Argument, place: (ref: NodeRef) => unknown): unknown {
  if (typeof arg !== 'object' || arg === null) return arg;
  if (isList(arg)) return arg.map((item) => argument(item, place));
  if ('node' in arg) return place(arg);
  if ('slice' in arg) return { slice: arg.slice.map((item) => argument(item, place)) };
  if ('dict' in arg)
    return {
      dict: Object.fromEntries(Object.entries(arg.dict).map(([key, value]) => [key, argument(value, place)])),
    };
  return arg;
}

/** Kind and arguments of every node are equal; so are constants, within 1e-5 of their largest value. */
export function expectGraph(
  model: Model | ObservedModel,
  float: Model,
  expected: readonly GoldenNode[],
): void {
  const ours = plainNodes(model, float);
  const theirs = expected.map(goldenNode);
  expect(ours.map(line)).toEqual(theirs.map(line));
  theirs.forEach(({ constant }, i) => {
    if (constant) expectClose(ours[i]?.constant?.data ?? [], constant.data, 1e-5, `constant of node ${i}`);
  });
}

/** The names that the studio shows, which are the seed's. */
export function expectNames(model: Model, expected: readonly GoldenNode[]): void {
  expect(model.graph.nodes.map((node) => node.name)).toEqual(expected.map((node) => node.name));
}

/** Names of the layers that read an input of the model through nothing but observers. */
export function firstLayers(nodes: readonly GoldenNode[]): ReadonlySet<string> {
  const isFirst = (node: GoldenNode | undefined): boolean =>
    node !== undefined &&
    (node.op === 'placeholder' || (node.observer !== undefined && isFirst(inputOf(node))));
  const inputOf = ({ args }: GoldenNode): GoldenNode | undefined => {
    const input = z.array(z.unknown()).parse(args)[0];
    return nodes[z.object({ node: z.number() }).safeParse(input).data?.node ?? -1];
  };
  return new Set(
    nodes.filter((node) => node.observer === undefined && isFirst(inputOf(node))).map((n) => n.name ?? ''),
  );
}
