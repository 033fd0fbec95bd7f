import { type UnsupportedOp, UnsupportedOpError } from '../../graph/errors';
import { type NodeName, nodeName } from '../../graph/ids';
import { lint } from '../../graph/lint';
import { type Argument, ref } from '../../graph/node';
import type { ByteSource } from '../byteSource';
import { Companions } from '../companions';
import { FormatError } from '../errors';
import { fileStem } from '../fileStem';
import type { OpenedModel } from '../openedModel';
import { elementName, irType } from './file/elementTypes';
import { decodeModel, isDefaultDomain } from './file/modelProto';
import { statedShape } from './file/valueInfo';
import { foldConstants } from './folding/foldConstants';
import { foldSizes } from './folding/foldSizes';
import type { GraphProto } from './gen/onnx_pb';
import { GraphReader } from './reader/graphReader';
import { inputBase, modulesAround } from './reader/names';
import { nodeTitle, OnnxNode, qualifiedOp } from './reader/onnxNode';
import { readOldBroadcast } from './reader/opset6';
import { OP_READERS } from './readOps';
import { sizesAsTensor } from './readOps/extents';
import { refusalOf } from './readOps/readRefused';

/** The FX model file takes ops that this reader does not. */
const FROM_PYTORCH = 'A PyTorch model comes in by fx_export.py, which takes more ops.';

/**
 * Reads an ONNX model into the IR; `companions` hold its external data. Element types other than float32, int32 and bool
 * are converted, with a note.
 * Throws an UnsupportedOpError that lists every op the studio does not read, or a FormatError that names the file,
 * the node or tensor at fault and what was expected.
 */
export async function readOnnx(source: ByteSource, companions = new Companions()): Promise<OpenedModel> {
  const { graph, opset, deferred } = await decodeModel(source, companions);
  assertReadable(graph);
  const reader = new GraphReader(graph, opset, source.name, deferred);
  readInputs(reader);
  reader.writeSizes = (value, list) => sizesAsTensor(reader, producerOf(reader, value), value, list);
  graph.node.forEach((proto, index) => {
    if (reader.absorbed.has(index) || reader.constants.isConstantNode(index)) return;
    const read = OP_READERS[proto.opType];
    const node = new OnnxNode(proto, index, source.name);
    if (!read || foldConstants(reader, node) || foldSizes(reader, node)) return;
    if (!readOldBroadcast(reader, node)) read(reader, node);
  });
  readOutputs(reader);
  const model = reader.model(fileStem(source.name));
  lint(model);
  const { linears, convs, norms, valueOrigins: values, nodeOrigins: nodes } = reader;
  const { folded } = reader.constants;
  const onnx = { source, companions, linears, convs, norms, folded, values, nodes };
  return {
    model,
    format: 'onnx',
    onnx,
    notes: [...reader.notes(), ...newerNote(opset)],
    paths: pathsOf(reader),
  };
}

/** The modules around each node, where the names of the file's nodes are paths. */
const pathsOf = ({ graph, nodeOrigins }: GraphReader): Readonly<Record<NodeName, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(nodeOrigins).flatMap(([name, index]) => {
      const path = modulesAround(graph.node[index]?.name ?? '');
      return path === null ? [] : [[name, path] as const];
    }),
  );

/** Newest operator set that the readers were written for. */
const KNOWN_OPSET = 21;

const newerNote = (opset: number): readonly string[] =>
  opset > KNOWN_OPSET
    ? [
        `The model uses ONNX operator set ${opset}; the studio reads its operators as set ${KNOWN_OPSET} defines them.`,
      ]
    : [];

/** The node of the file that makes a value. */
function producerOf(reader: GraphReader, value: string): OnnxNode {
  const index = reader.graph.node.findIndex(({ output }) => output.includes(value));
  const proto = reader.graph.node[index];
  if (!proto) throw new FormatError(reader.file, `internal: no node makes the sizes '${value}'.`);
  return new OnnxNode(proto, index, reader.file);
}

/** Throws one UnsupportedOpError over all nodes, so that a user sees the whole distance at once. */
function assertReadable(graph: GraphProto): void {
  const found = new Map<string, UnsupportedOp>();
  for (const node of graph.node) {
    if (isDefaultDomain(node.domain) && Object.hasOwn(OP_READERS, node.opType)) continue;
    const op = qualifiedOp(node);
    const seen = found.get(op);
    found.set(op, { op, count: (seen?.count ?? 0) + 1, firstNode: seen?.firstNode ?? nodeTitle(node) });
  }
  if (found.size > 0) throw new UnsupportedOpError([...found.values()], refusalOf(graph) ?? FROM_PYTORCH);
}

/** Placeholders for the graph's inputs; before IR version 4, files list every initializer among them. */
function readInputs(reader: GraphReader): void {
  for (const info of reader.graph.input) {
    if (reader.constants.has(info.name)) continue;
    const type = info.type?.value;
    if (type?.case !== 'tensorType')
      throw new FormatError(
        reader.file,
        `input '${info.name}' is not a tensor; the studio reads tensors only.`,
      );
    const elementType = type.value.elemType;
    const dtype = irType(elementType);
    if (dtype === null)
      throw new FormatError(
        reader.file,
        `input '${info.name}' is ${elementName(elementType)}; the studio reads float types, integers and BOOL.`,
      );
    const name = reader.names.node(inputBase(info.name));
    reader.inputShapes[name] = statedShape(info);
    if (dtype !== 'float32') reader.inputTypes[name] = dtype;
    reader.define({ name, op: 'placeholder', target: name, args: [], kwargs: {} }, info.name, elementType);
    reader.noteType(info.name);
  }
}

function readOutputs(reader: GraphReader): void {
  const values: readonly Argument[] = reader.graph.output.map(({ name }) =>
    ref(reader.operand(name, "the graph's output")),
  );
  const name = reader.names.node('output');
  const [first] = values;
  const args: readonly Argument[] = values.length === 1 && first !== undefined ? [first] : [values];
  reader.nodes.push({ name: nodeName(name), op: 'output', target: 'output', args, kwargs: {} });
}
