import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { encodeModel } from '../../../src/formats/onnx/file/modelProto';
import { valueInfo } from '../../../src/formats/onnx/file/valueInfo';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../../../src/formats/onnx/gen/onnx_pb';
import { attributeProto } from '../../../src/formats/onnx/writeOps/graphWriter';
import { npyFile } from '../../files/npy';

export interface LargeModelSizes {
  /** Blocks of two Linear layers with a ReLU between them and a residual around them. */
  readonly blocks: number;
  readonly width: number;
  /** Rows of calibration data. */
  readonly rows: number;
}

export interface LargeModelFiles {
  readonly model: string;
  readonly data: string;
  readonly calibration: string;
  /** Bytes of the model, its data included. */
  readonly bytes: number;
}

/** 3 and 15 blocks of two Linear 2048 × 2048: 101 and 504 million bytes of float32. */
export const HUNDRED_MB: LargeModelSizes = { blocks: 3, width: 2048, rows: 8 };
export const HALF_GIGABYTE: LargeModelSizes = { blocks: 15, width: 2048, rows: 8 };

const FLOAT = 1;
const DATA_NAME = 'large.onnx.data';

/** Numbers in −1…1 by a linear congruential generator; the same seed gives the same numbers. */
function fillRandom(target: Float32Array, seed: number, scale: number): void {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  for (let i = 0; i < target.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    target[i] = (state / 2 ** 31 - 1) * scale;
  }
}

/** Where tensors' values go: behind each other into a data file, or into the model itself. */
interface Tensors {
  add(name: string, dims: readonly number[], data: Float32Array): TensorProto;
}

/** Appends tensors to the data file, one after the other. */
class DataFile implements Tensors {
  private readonly handle: number;
  size = 0;

  constructor(path: string) {
    this.handle = openSync(path, 'w');
  }

  /** A tensor whose values are written at the end of the file, aligned to 4 KiB as ONNX's own tools write them. */
  add(name: string, dims: readonly number[], data: Float32Array): TensorProto {
    const padding = (4096 - (this.size % 4096)) % 4096;
    if (padding > 0) writeSync(this.handle, new Uint8Array(padding));
    const offset = this.size + padding;
    writeSync(this.handle, new Uint8Array(data.buffer));
    this.size = offset + data.byteLength;
    const entries = { location: DATA_NAME, offset: String(offset), length: String(data.byteLength) };
    return create(TensorProtoSchema, {
      name,
      dims: dims.map(BigInt),
      dataType: FLOAT,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    });
  }

  close(): void {
    closeSync(this.handle);
  }
}

const INSIDE: Tensors = {
  add: (name, dims, data) =>
    create(TensorProtoSchema, {
      name,
      dims: dims.map(BigInt),
      dataType: FLOAT,
      rawData: new Uint8Array(data.slice().buffer),
    }),
};

const node = (opType: string, input: string[], output: string): NodeProto =>
  create(NodeProtoSchema, {
    opType,
    name: output,
    input,
    output: [output],
    attribute: opType === 'Gemm' ? [attributeProto('transB', { i: 1 })] : [],
  });

function blockNodes(block: number, input: string): readonly NodeProto[] {
  const [up, down] = [2 * block, 2 * block + 1];
  return [
    node('Gemm', [input, `w${up}`, `b${up}`], `up${block}`),
    node('Relu', [`up${block}`], `relu${block}`),
    node('Gemm', [`relu${block}`, `w${down}`, `b${down}`], `down${block}`),
    node('Add', [input, `down${block}`], `sum${block}`),
  ];
}

/** Columns differ in scale by up to 16, so that equalization has something to do. */
function initializers({ blocks, width }: LargeModelSizes, tensors: Tensors): readonly TensorProto[] {
  const weight = new Float32Array(width * width);
  return Array.from({ length: 2 * blocks }, (_, layer) => {
    fillRandom(weight, layer, 1 / Math.sqrt(width));
    for (let i = 0; i < weight.length; i++) weight[i] = (weight[i] ?? 0) / (1 << ((i % width) % 5));
    const bias = new Float32Array(width);
    fillRandom(bias, 1000 + layer, 0.1);
    return [tensors.add(`w${layer}`, [width, width], weight), tensors.add(`b${layer}`, [width], bias)];
  }).flat();
}

function encoded({ blocks, width }: LargeModelSizes, initializer: readonly TensorProto[]): Uint8Array {
  const nodes = Array.from({ length: blocks }, (_, block) =>
    blockNodes(block, block ? `sum${block - 1}` : 'x'),
  );
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: create(GraphProtoSchema, {
        name: 'large',
        node: nodes.flat(),
        initializer: [...initializer],
        input: [valueInfo('x', ['N', width], FLOAT)],
        output: [valueInfo(`sum${blocks - 1}`, ['N', width], FLOAT)],
      }),
    }),
  );
}

/** Writes an ONNX model of random weights with external data, and rows of data for it: `2 · blocks · width²` weights. */
export function writeLargeModel(folder: string, sizes: LargeModelSizes): LargeModelFiles {
  const files = {
    model: join(folder, 'large.onnx'),
    data: join(folder, DATA_NAME),
    calibration: join(folder, 'rows.npy'),
  };
  const data = new DataFile(files.data);
  const model = encoded(sizes, initializers(sizes, data));
  data.close();
  writeFileSync(files.model, model);
  const samples = new Float32Array(sizes.rows * sizes.width);
  fillRandom(samples, 7, 3);
  writeFileSync(files.calibration, npyFile([sizes.rows, sizes.width], samples));
  return { ...files, bytes: model.length + data.size };
}

/** The same model in one file, as most ONNX models are. */
export function writeWholeModel(folder: string, sizes: LargeModelSizes): string {
  const path = join(folder, 'whole.onnx');
  writeFileSync(path, encoded(sizes, initializers(sizes, INSIDE)));
  return path;
}
