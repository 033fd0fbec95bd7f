import { create } from '@bufbuild/protobuf';
import { GraphError } from '../../../graph/errors';
import { decodeModel } from '../file/modelProto';
import { type GraphProto, NodeProtoSchema, type ValueInfoProto } from '../gen/onnx_pb';
import type { OnnxOrigin } from '../origin';
import { attributeProto } from '../writeOps/graphWriter';

/** Inputs and outputs of the file that a model came from, in the order of the graph's. */
export interface Boundary {
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
}

/** What the file says of its inputs, constants among them left out, and of its outputs. */
export async function boundaryOf({ source, companions }: OnnxOrigin): Promise<Boundary> {
  const { graph } = await decodeModel(source, companions);
  const constants = new Set(graph.initializer.map(({ name }) => name));
  return { inputs: graph.input.filter(({ name }) => !constants.has(name)), outputs: graph.output };
}

/** Gives a written graph the inputs and outputs of the file, and a Cast where the file has another type than the graph. */
export function withBoundary(graph: GraphProto, { inputs, outputs }: Boundary): void {
  if (inputs.length !== graph.input.length || outputs.length !== graph.output.length)
    throw new GraphError(
      `internal: the file has ${inputs.length} inputs and ${outputs.length} outputs, the graph ${graph.input.length} and ${graph.output.length}.`,
    );
  makeWay(graph, new Set([...inputs, ...outputs].map(({ name }) => name)));
  graph.input = graph.input.map((own, i) => takeInput(graph, own, inputs[i] ?? own));
  graph.output = graph.output.map((own, i) => takeOutput(graph, own, outputs[i] ?? own));
}

/** Renames the graph's own values that have one of the names. */
function makeWay(graph: GraphProto, names: ReadonlySet<string>): void {
  const taken = new Set([
    ...names,
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output),
  ]);
  for (const name of names) {
    let fresh = `${name}_inner`;
    while (taken.has(fresh)) fresh = `${fresh}_`;
    taken.add(fresh);
    rename(graph, name, fresh);
  }
}

function rename(graph: GraphProto, from: string, to: string): void {
  const renamed = (name: string) => (name === from ? to : name);
  for (const node of graph.node) {
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
    node.name = renamed(node.name);
  }
  for (const value of [...graph.input, ...graph.output, ...graph.initializer])
    value.name = renamed(value.name);
}

/** Undefined where the file does not state it. */
const typeOf = (info: ValueInfoProto): number | undefined =>
  info.type?.value.case === 'tensorType' ? info.type.value.value.elemType : undefined;

const cast = (from: string, to: string, elementType: number) =>
  create(NodeProtoSchema, {
    opType: 'Cast',
    name: to,
    input: [from],
    output: [to],
    attribute: [attributeProto('to', { i: elementType })],
  });

function takeInput(graph: GraphProto, own: ValueInfoProto, wanted: ValueInfoProto): ValueInfoProto {
  const [from, to] = [typeOf(wanted), typeOf(own)];
  if (from === undefined || to === undefined || from === to) rename(graph, own.name, wanted.name);
  else graph.node.unshift(cast(wanted.name, own.name, to));
  return wanted;
}

function takeOutput(graph: GraphProto, own: ValueInfoProto, wanted: ValueInfoProto): ValueInfoProto {
  const [from, to] = [typeOf(own), typeOf(wanted)];
  if (from === undefined || to === undefined || from === to) {
    rename(graph, own.name, wanted.name);
    return to === undefined ? own : wanted;
  }
  graph.node.push(cast(own.name, wanted.name, to));
  return wanted;
}
