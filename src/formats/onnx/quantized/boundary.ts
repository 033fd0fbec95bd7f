import { create } from '@bufbuild/protobuf';
import { GraphError } from '../../../graph/errors';
import { ELEMENT } from '../elementTypes';
import { type GraphProto, NodeProtoSchema, type ValueInfoProto } from '../gen/onnx_pb';
import { attributeProto } from '../graphWriter';

/** Name and element type of an input or output in the file that a model came from. */
export interface BoundaryValue {
  readonly name: string;
  readonly elementType: number;
}

/** Inputs and outputs in the order of the graph's. */
export interface Boundary {
  readonly inputs: readonly BoundaryValue[];
  readonly outputs: readonly BoundaryValue[];
}

/** Gives a written graph's inputs and outputs other names, and a Cast where the file has another type than the graph. */
export function withBoundary(graph: GraphProto, { inputs, outputs }: Boundary): void {
  if (inputs.length !== graph.input.length || outputs.length !== graph.output.length)
    throw new GraphError(
      `internal: the file has ${inputs.length} inputs and ${outputs.length} outputs, the graph ${graph.input.length} and ${graph.output.length}.`,
    );
  const names = [...inputs, ...outputs].map(({ name }) => name);
  makeWay(graph, new Set(names));
  graph.input.forEach((info, i) => {
    castInput(graph, info, inputs[i]);
  });
  graph.output.forEach((info, i) => {
    castOutput(graph, info, outputs[i]);
  });
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

const typeOf = (info: ValueInfoProto): number =>
  info.type?.value.case === 'tensorType' ? info.type.value.value.elemType : ELEMENT.FLOAT;

function setType(info: ValueInfoProto, elementType: number): void {
  if (info.type?.value.case === 'tensorType') info.type.value.value.elemType = elementType;
}

const cast = (from: string, to: string, elementType: number) =>
  create(NodeProtoSchema, {
    opType: 'Cast',
    name: to,
    input: [from],
    output: [to],
    attribute: [attributeProto('to', { i: elementType })],
  });

function castInput(graph: GraphProto, info: ValueInfoProto, wanted: BoundaryValue | undefined): void {
  if (!wanted) return;
  const type = typeOf(info);
  if (type === wanted.elementType) rename(graph, info.name, wanted.name);
  else {
    graph.node.unshift(cast(wanted.name, info.name, type));
    info.name = wanted.name;
    setType(info, wanted.elementType);
  }
}

function castOutput(graph: GraphProto, info: ValueInfoProto, wanted: BoundaryValue | undefined): void {
  if (!wanted) return;
  const type = typeOf(info);
  if (type === wanted.elementType) rename(graph, info.name, wanted.name);
  else {
    graph.node.push(cast(info.name, wanted.name, wanted.elementType));
    info.name = wanted.name;
    setType(info, wanted.elementType);
  }
}
