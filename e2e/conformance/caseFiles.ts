import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ELEMENT } from '../../src/formats/onnx/file/elementTypes';
import {
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
} from '../../src/formats/onnx/gen/onnx_pb';

/** ONNX's test data as Debian's package libonnx-testdata installs it; ONNX_TESTDATA names another folder. */
export const TEST_DATA = process.env.ONNX_TESTDATA ?? '/usr/share/libonnx-testdata/data';

/** Single operators, and networks and operators that PyTorch exported. */
export const SUITES = ['node', 'pytorch-converted', 'pytorch-operator'] as const;
export type Suite = (typeof SUITES)[number];

/** One case: a model, and sets of inputs with the outputs that ONNX expects of them. */
export interface CaseFiles {
  readonly suite: Suite;
  readonly name: string;
  readonly folder: string;
}

/** Every case, in the order of the names. Throws where the data is not installed. */
export function listCases(): readonly CaseFiles[] {
  if (!existsSync(TEST_DATA))
    throw new Error(
      `ONNX's test data is not in ${TEST_DATA}: install libonnx-testdata, or set ONNX_TESTDATA to the folder that holds 'node'.`,
    );
  return SUITES.flatMap((suite) =>
    readdirSync(join(TEST_DATA, suite))
      .sort()
      .map((name) => ({ suite, name, folder: join(TEST_DATA, suite, name) })),
  );
}

/** A case as it is run. */
export interface ConformanceCase {
  readonly suite: Suite;
  readonly name: string;
  readonly model: ModelProto;
  readonly sets: readonly DataSet[];
}

/** Reads a case. The data sets of one whose inputs are no tensors are left out: it is out of scope. */
export function readCase(files: CaseFiles): ConformanceCase {
  const { suite, name, folder } = files;
  const model = fromBinary(ModelProtoSchema, readFileSync(join(folder, 'model.onnx')));
  const hasTensors = model.graph?.input.every(({ type }) => type?.value.case === 'tensorType');
  return { suite, name, model, sets: hasTensors ? readDataSets(files, model) : [] };
}

export interface DataSet {
  readonly inputs: readonly TensorProto[];
  readonly outputs: readonly TensorProto[];
}

/** The data sets of a case whose inputs are tensors. */
function readDataSets({ folder }: CaseFiles, { graph }: ModelProto): readonly DataSet[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('test_data_set_'))
    .sort()
    .map((set) => ({
      inputs: readTensors(join(folder, set), 'input').map((t, i) => declared(t, graph?.input[i])),
      outputs: readTensors(join(folder, set), 'output').map((t, i) => declared(t, graph?.output[i])),
    }));
}

/** NumPy has no bfloat16: the files hold the bits as UINT16, and only the model says what they are. */
function declared(tensor: TensorProto, info: ValueInfoProto | undefined): TensorProto {
  const type = info?.type?.value;
  return type?.case === 'tensorType' && type.value.elemType === ELEMENT.BFLOAT16
    ? { ...tensor, dataType: ELEMENT.BFLOAT16 }
    : tensor;
}

function readTensors(folder: string, kind: 'input' | 'output'): readonly TensorProto[] {
  const count = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`)).length;
  return Array.from({ length: count }, (_, i) =>
    fromBinary(TensorProtoSchema, readFileSync(join(folder, `${kind}_${i}.pb`))),
  );
}
