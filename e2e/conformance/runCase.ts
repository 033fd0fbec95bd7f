import { Executor } from '../../src/exec/executor';
import { bytesSource } from '../../src/formats/byteSource';
import { FormatError } from '../../src/formats/errors';
import { encodeModel } from '../../src/formats/onnx/file/modelProto';
import { readTensor } from '../../src/formats/onnx/file/tensorProto';
import type { ModelProto } from '../../src/formats/onnx/gen/onnx_pb';
import { readOnnx } from '../../src/formats/onnx/read';
import type { OpenedModel } from '../../src/formats/openedModel';
import { GraphError, UnsupportedOpError } from '../../src/graph/errors';
import { type NodeName, nodeName } from '../../src/graph/ids';
import type { Tensor } from '../../src/graph/tensor';
import { disagreement, type Given } from './agreement';
import { bakeInputs } from './bake';
import type { ConformanceCase, DataSet, Suite } from './caseFiles';
import { outsideScope } from './scope';

/**
 * What became of a case. `passed`: every output agrees. `refused`: an error of the studio's own that says why, before
 * anything ran. `failed`: anything else, a wrong answer above all. `outside`: not one of the listed ops.
 */
export interface CaseResult {
  readonly suite: Suite;
  readonly name: string;
  readonly ops: readonly string[];
  readonly status: 'passed' | 'refused' | 'failed' | 'outside';
  readonly message: string;
  /** How many of the inputs stayed inputs; the others were constants. */
  readonly inputs: number;
}

type Outcome = Pick<CaseResult, 'status' | 'message'>;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isOurs = (error: unknown): boolean =>
  error instanceof FormatError || error instanceof GraphError || error instanceof UnsupportedOpError;

/** Runs a case with all inputs as inputs; where the studio refuses that, with those behind the first, then all, as constants. */
export async function runCase({ suite, name, model, sets }: ConformanceCase): Promise<CaseResult> {
  const ops = [...new Set(model.graph?.node.map(({ opType }) => opType) ?? [])];
  const about = { suite, name, ops };
  const outside = suite === 'node' ? outsideScope(model) : null;
  if (outside) return { ...about, status: 'outside', message: outside, inputs: 0 };
  const all = model.graph?.input.length ?? 0;
  let result: CaseResult | null = null;
  for (const inputs of new Set([all, Math.min(1, all), 0])) {
    const outcome = await runWith(model, sets, inputs);
    if (outcome.status !== 'refused') return { ...about, ...outcome, inputs };
    result ??= { ...about, ...outcome, inputs };
  }
  return result ?? { ...about, status: 'failed', message: 'nothing ran', inputs: 0 };
}

async function runWith(model: ModelProto, sets: readonly DataSet[], inputs: number): Promise<Outcome> {
  for (const set of sets) {
    const outcome = await runSet(bakeInputs(model, set, inputs), set);
    if (outcome.status !== 'passed') return outcome;
  }
  return { status: 'passed', message: '' };
}

async function runSet(model: ModelProto, set: DataSet): Promise<Outcome> {
  try {
    const opened = await readOnnx(bytesSource(encodeModel(model), 'model.onnx'));
    const given = await run(opened, model, set);
    const expected = set.outputs.map((proto) => readTensor(proto, 'expected'));
    if (given.length !== expected.length)
      return { status: 'failed', message: `${given.length} outputs for ${expected.length}` };
    const wrong = given.flatMap((output, i) => {
      const tensor = expected[i];
      const difference = tensor && disagreement(output, tensor);
      return difference ? [`output ${i}: ${difference}`] : [];
    });
    return wrong[0] ? { status: 'failed', message: wrong[0] } : { status: 'passed', message: '' };
  } catch (error) {
    return { status: isOurs(error) ? 'refused' : 'failed', message: reasonOf(error) };
  }
}

async function run(opened: OpenedModel, model: ModelProto, set: DataSet): Promise<readonly Given[]> {
  const executor = new Executor(opened.model);
  try {
    const inputs = inputsOf(opened, model, set);
    const outputs = executor.run({ inputs, samples: 1, labels: null });
    const given = await Promise.all(
      outputs.map(async (tensor) => ({
        dtype: tensor.dtype,
        dims: tensor.shape,
        data: await tensor.data(),
      })),
    );
    for (const tensor of outputs) tensor.dispose();
    return given;
  } finally {
    executor.dispose();
  }
}

/** The data set's inputs by the names of the IR's placeholders. */
function inputsOf(opened: OpenedModel, model: ModelProto, set: DataSet): Readonly<Record<NodeName, Tensor>> {
  const inputs: Record<NodeName, Tensor> = {};
  for (const node of opened.model.graph.nodes) {
    if (node.op !== 'placeholder') continue;
    const value = opened.onnx?.values[node.name]?.value;
    const proto = set.inputs[model.graph?.input.findIndex(({ name }) => name === value) ?? -1];
    if (proto) inputs[nodeName(node.name)] = readTensor(proto, 'given');
  }
  return inputs;
}
