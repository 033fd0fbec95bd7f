import { create } from '@bufbuild/protobuf';
import { encodeModel } from '../../src/formats/onnx/file/modelProto';
import { valueInfo } from '../../src/formats/onnx/file/valueInfo';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProtoSchema,
} from '../../src/formats/onnx/gen/onnx_pb';
import { attributeProto } from '../../src/formats/onnx/writeOps/graphWriter';

export interface BigModelShape {
  /** About how many nodes; whole blocks of five. */
  readonly nodes: number;
  /** `residual`: blocks around which their input runs on; `chain`: no branch at all. */
  readonly flow: 'residual' | 'chain';
  /** Node names as exporters write them, `/stages.0/blocks.3/fc1/Gemm`; or none, as some converters leave them. */
  readonly named: boolean;
}

const STAGES = 5;
const WIDTH = 4;
const FLOAT = 1;

/** Blocks of fc1, relu, fc2, tanh and (where the flow branches) the sum with their input; else a second relu. */
function blockNodes(block: number, input: string, { flow, named }: BigModelShape, perStage: number) {
  const stage = Math.min(STAGES - 1, Math.floor(block / perStage));
  const path = `/stages.${stage}/blocks.${block - stage * perStage}`;
  const node = (opType: string, part: string, inputs: readonly string[], output: string): NodeProto =>
    create(NodeProtoSchema, {
      opType,
      name: named ? `${path}/${part}` : '',
      input: [...inputs],
      output: [output],
      attribute: opType === 'Gemm' ? [attributeProto('transB', { i: 1 })] : [],
    });
  const value = (name: string) => `${name}${block}`;
  const last =
    flow === 'residual'
      ? node('Add', 'Add', [input, value('tanh')], value('sum'))
      : node('Relu', 'Relu', [value('tanh')], value('sum'));
  return [
    node('Gemm', 'fc1/Gemm', [input, 'weight', 'bias'], value('up')),
    node('Relu', 'act/Relu', [value('up')], value('relu')),
    node('Gemm', 'fc2/Gemm', [value('relu'), 'weight', 'bias'], value('down')),
    node('Tanh', 'Tanh', [value('down')], value('tanh')),
    last,
  ];
}

/** An ONNX model of thousands of small nodes, which all share one weight: the graph is what is large. */
export function bigModel(shape: BigModelShape): Uint8Array {
  const blocks = Math.floor(shape.nodes / 5);
  const perStage = Math.ceil(blocks / STAGES);
  const tensor = (name: string, dims: readonly number[]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const floatData = Array.from({ length: count }, (_, index) => (index % 7) / 20 - 0.1);
    return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: FLOAT, floatData });
  };
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: create(GraphProtoSchema, {
        name: 'big',
        node: Array.from({ length: blocks }, (_, block) =>
          blockNodes(block, block ? `sum${block - 1}` : 'x', shape, perStage),
        ).flat(),
        initializer: [tensor('weight', [WIDTH, WIDTH]), tensor('bias', [WIDTH])],
        input: [valueInfo('x', ['N', WIDTH], FLOAT)],
        output: [valueInfo(`sum${blocks - 1}`, ['N', WIDTH], FLOAT)],
      }),
    }),
  );
}
