import { create } from '@bufbuild/protobuf';
import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { type Argument, isList, isNodeRef, type Node } from '../../graph/node';
import { opOf, resolveNode } from '../../graph/resolve';
import type { FilePart } from '../byteSource';
import type { Deferred } from './file/deferred';
import { ELEMENT } from './file/elementTypes';
import { encodeParts, encodeWhole } from './file/encodeParts';
import { valueInfo } from './file/valueInfo';
import { GraphProtoSchema, type ModelProto, ModelProtoSchema, type ValueInfoProto } from './gen/onnx_pb';
import { writeOp } from './writeOps';
import { GraphWriter } from './writeOps/graphWriter';

const OPSET = 17n;
/** The IR version that goes with opset 17 (ONNX 1.12). */
const IR_VERSION = 8n;

/**
 * A float model as a new ONNX file, in parts: weights as initializers, one value per node under the node's name. Inputs get
 * their shape as far as it is known; an open dimension has a name (`n`) or none.
 * Throws a GraphError for a node that ONNX cannot express without shapes that are not known.
 */
export function onnxParts(model: Model): readonly FilePart[] {
  const { file, deferred } = onnxFile(model);
  return encodeParts(file, deferred);
}

/** The same as one array of bytes. */
export function writeOnnx(model: Model): Uint8Array {
  const { file, deferred } = onnxFile(model);
  return encodeWhole(file, deferred);
}

function onnxFile(model: Model): { readonly file: ModelProto; readonly deferred: Deferred } {
  const writer = new GraphWriter(model);
  return { file: writeModel(writer, writeOp), deferred: writer.deferred };
}

/** Writes the model of a writer with a table of ops, as a message still to be encoded; large values are deferred. */
export function writeModel(writer: GraphWriter, write: typeof writeOp): ModelProto {
  const { model } = writer;
  const index = new GraphIndex(model.graph);
  const input: ValueInfoProto[] = [];
  const output: ValueInfoProto[] = [];
  for (const node of model.graph.nodes) {
    if (node.op === 'placeholder') {
      const type = inputType(model, index, node);
      writer.define(node.name, node.name, type);
      input.push(valueInfo(node.name, writer.shape(node.name), type));
    } else if (node.op === 'output') output.push(...writeOutputs(writer, node));
    else writeNode(writer, index, node, write);
  }
  const { nodes, initializers } = writer;
  const graph = create(GraphProtoSchema, {
    name: model.name,
    node: nodes,
    initializer: initializers,
    input,
    output,
  });
  return create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'equalization-studio',
    opsetImport: [{ domain: '', version: OPSET }],
    graph,
  });
}

/** Of inputs whose type the model does not state, one that nothing but embeddings read holds indices, any other floats. */
function inputType(model: Model, index: GraphIndex, node: Node): number {
  const stated = model.inputTypes?.[node.name];
  if (stated) return { float32: ELEMENT.FLOAT, int32: ELEMENT.INT64, bool: ELEMENT.BOOL }[stated];
  const users = index.users(node.name);
  const isIndex = users.every((user) => resolveNode(model, index, user)?.op === 'embedding');
  return isIndex && users.length > 0 ? ELEMENT.INT64 : ELEMENT.FLOAT;
}

function writeNode(writer: GraphWriter, index: GraphIndex, node: Node, write: typeof writeOp): void {
  const call = opOf(writer.model, index, node);
  const [first] = call.operands.filter((operand) => operand.kind === 'node');
  if (call.op !== 'get_attr')
    writer.define(node.name, node.name, first ? writer.elementType(first.node) : ELEMENT.FLOAT);
  write(call.op, writer, call, node.name, node);
}

/** The tensors that the model returns, alone or in lists. */
function returnedNodes(arg: Argument, node: Node): readonly NodeName[] {
  if (isNodeRef(arg)) return [arg.node];
  if (typeof arg === 'object' && arg !== null && isList(arg))
    return arg.flatMap((item) => returnedNodes(item, node));
  throw new GraphError(
    `The model returns ${JSON.stringify(arg)}; an ONNX model returns tensors, alone or in a list.`,
    node.name,
  );
}

/**
 * Outputs bear the name of their node. What ONNX wants a node for, because it is an input, a constant, or returned
 * twice, goes through an Identity.
 */
function writeOutputs(writer: GraphWriter, node: Node): readonly ValueInfoProto[] {
  const made = new Set(writer.nodes.flatMap((written) => written.output));
  return returnedNodes(node.args[0] ?? null, node).map((name) => {
    const value = writer.operand({ kind: 'node', node: name });
    const isOwn = made.delete(value);
    const output = isOwn ? value : writer.freshName('output');
    if (!isOwn) writer.node('Identity', [value], output);
    return valueInfo(output, writer.shape(name), writer.elementType(name));
  });
}
