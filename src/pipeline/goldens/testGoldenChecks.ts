import { expect } from 'vitest';
import { layerSqnrDict } from '../../exec/numericSuite/layerSqnrDict';
import { lowestSqnrLayers } from '../../exec/numericSuite/lowestSqnrLayers';
import { GraphError } from '../../graph/errors';
import type { Model } from '../../graph/model';
import { printGraph } from '../../graph/print';
import type { Tensor } from '../../graph/tensor';
import { expectClose, sqnr } from '../testNumbers';
import { quietJob } from '../testRun';
import type { GoldenConverted, GoldenNode, GoldenPart, GoldenReference, GoldenSuite } from './testGolden';
import { expectGraph, expectNames, firstLayers } from './testGoldenGraph';
import { expectObservers } from './testGoldenObservers';
import type { GoldenRun } from './testGoldenRun';
import { expectOutputs, expectParams, expectWeights, withPyTorchsNumbers } from './testGoldenWeights';

/* What is held against PyTorch of each golden. For tests only. */

type Check = (run: GoldenRun) => Promise<void>;

async function prepared(run: GoldenRun): Promise<void> {
  const golden = part(run.golden.prepared);
  const { model } = await run.calibrate();
  expectGraph(model, run.float, golden.nodes);
  expectNames(model, golden.nodes);
  expectObservers(model, golden.observers);
}

async function equalized(run: GoldenRun): Promise<void> {
  const golden = part(run.golden.equalized);
  const { model, result } = await run.equalize();
  expectGraph(model, run.float, golden.nodes);
  expectNames(model, golden.nodes);
  expectObservers(model, golden.observers);
  const exact = firstLayers(part(run.golden.prepared).nodes);
  for (const [layer, scale] of Object.entries(golden.scales)) {
    const decision = result.decisions.find((d) => d.layer === layer);
    expectClose(decision?.scale?.values ?? [], scale, exact.has(layer) ? 0 : 1e-5, `scale of ${layer}`);
  }
  expectParams(await run.equalizedFloat(), golden.params);
}

async function converted(run: GoldenRun): Promise<void> {
  const golden = part(run.golden.converted);
  expectGraph(await run.converted(), run.float, golden.nodes);
  expectOutputs(await run.converted(), golden.outputs);
}

async function plain(run: GoldenRun): Promise<void> {
  const golden = part(run.golden.plain);
  expectGraph(await run.plain(), run.float, golden.nodes);
}

async function plainConverted(run: GoldenRun): Promise<void> {
  const golden = part(run.golden.plain);
  expectGraph(await run.plainReference(), run.float, golden.reference.nodes);
  if (golden.converted) expectGraph(await run.plainConverted(), run.float, golden.converted.nodes);
  // PyTorch cannot lower it, whatever it makes of the equalized one.
  else await expect(run.plainConverted()).rejects.toThrow(GraphError);
}

/** The seed's text of the graphs, names and all. */
async function text(run: GoldenRun): Promise<void> {
  const { golden } = run;
  if (golden.prepared?.seedGraph)
    expect(printGraph((await run.calibrate()).model.graph)).toBe(golden.prepared.seedGraph);
  if (golden.equalized?.seedGraph)
    expect(printGraph((await run.equalize()).model.graph)).toBe(golden.equalized.seedGraph);
  if (golden.converted?.seedGraph)
    expect(printGraph((await run.converted()).graph)).toBe(golden.converted.seedGraph);
}

async function floatOutputs(run: GoldenRun): Promise<void> {
  const { float, equalizedFloat } = run.golden.outputs;
  await expectOutputsClose(run, run.float, float);
  await expectOutputsClose(run, await run.equalizedFloat(), part(equalizedFloat));
}

async function int8Outputs(run: GoldenRun): Promise<void> {
  const { reference, outputs, equalized: scaled } = run.golden;
  await expectInt8(
    run,
    await run.reference(),
    part(reference),
    part(scaled).params,
    part(outputs.int8Equalized),
  );
}

async function plainInt8Outputs(run: GoldenRun): Promise<void> {
  const { plain: golden, outputs } = run.golden;
  await expectInt8(run, await run.plainReference(), part(golden).reference, {}, part(outputs.int8Plain));
}

/**
 * At least 45 dB against PyTorch's int8 outputs. A mean of quantized values lies on a tie so often that the last bit of
 * a scale moves many of them: where ours are below, they must not be with PyTorch's numbers, equal but for that bit.
 */
async function expectInt8(
  run: GoldenRun,
  model: Model,
  golden: GoldenReference,
  params: Readonly<Record<string, Tensor>>,
  outputs: Outputs,
): Promise<void> {
  expectWeights(model, golden.weights);
  if ((await lowestSqnr(run, model, outputs)) >= 45) return;
  const theirs = withPyTorchsNumbers(model, run.float, golden, params);
  expect(await lowestSqnr(run, theirs, outputs), 'dB with numbers of PyTorch').toBeGreaterThanOrEqual(45);
}

async function error(run: GoldenRun): Promise<void> {
  const { step, message, node } = part(run.golden.error);
  const failure = await run.until(step).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(failure, `PyTorch: ${message}`).toBeInstanceOf(GraphError);
  expect(failure).toMatchObject({ node });
}

/**
 * PyTorch ran integer kernels, which round a value half a step off now and then, and in pools to the other side of
 * ties. Those with a number as an operand change their output's grid instead of rounding to the observed one, as the
 * reference form does: there the layers are compared, their figures not.
 */
const suiteDecibels = (lowered: GoldenConverted | null | undefined): number =>
  lowered?.nodes.some(scalarKernel) ? Number.POSITIVE_INFINITY : 2;
const scalarKernel = ({ target, args }: GoldenNode): boolean =>
  target?.startsWith('torch.ops.quantized.') === true && Array.isArray(args) && typeof args[1] === 'number';

/** `get_layer_sqnr_dict` and the layers that `get_equalization_qconfig_dict` selects. */
async function layerSqnr(run: GoldenRun): Promise<void> {
  const { layerSqnr: suites, plain: golden, converted: lowered } = run.golden;
  if (golden?.converted)
    await expectSuite(run, await run.plainConverted(), part(suites).plain, suiteDecibels(golden.converted));
  await expectSuite(run, await run.converted(), part(suites).equalized, suiteDecibels(lowered));
}

async function expectSuite(
  run: GoldenRun,
  quantized: Model,
  golden: GoldenSuite,
  within: number,
): Promise<void> {
  const suite = async () => layerSqnrDict(await run.plain(), quantized, run.test, quietJob);
  if ('error' in golden) {
    if (golden.error.startsWith('GraphMatchingException')) await expect(suite()).rejects.toThrow(GraphError);
    return;
  }
  const ours = await suite();
  expect([...ours.keys()].toSorted()).toEqual(Object.keys(golden.sqnr).toSorted());
  for (const [layer, dB] of Object.entries(golden.sqnr)) {
    // A layer whose values are all zero has no ratio: NaN in both, or infinite in both.
    const own = ours.get(layer);
    const difference = Object.is(own, dB) ? 0 : Math.abs((own ?? Number.NaN) - dB);
    expect(difference, `dB of '${layer}': ${own} for ${dB}`).toBeLessThanOrEqual(within);
  }
  for (const [count, layers] of Object.entries(golden.lowest))
    expect(lowestSqnrLayers(Object.entries(golden.sqnr), Number(count))).toEqual(layers);
}

/** Each check, and the part of a golden that it needs. */
export const CHECKS = {
  prepared: { needs: 'prepared', holds: prepared },
  plain: { needs: 'plain', holds: plain },
  equalized: { needs: 'equalized', holds: equalized },
  'float outputs': { needs: 'equalized', holds: floatOutputs },
  reference: {
    needs: 'reference',
    holds: async (run) => expectGraph(await run.reference(), run.float, part(run.golden.reference).nodes),
  },
  'int8 outputs': { needs: 'reference', holds: int8Outputs },
  converted: { needs: 'converted', holds: converted },
  'plain converted': { needs: 'plain', holds: plainConverted },
  'plain int8 outputs': { needs: 'plain', holds: plainInt8Outputs },
  layerSqnr: { needs: 'layerSqnr', holds: layerSqnr },
  text: { needs: 'text', holds: text },
  error: { needs: 'error', holds: error },
} as const satisfies Record<string, { needs: GoldenPart; holds: Check }>;

export type CheckName = keyof typeof CHECKS;

function part<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error('The golden has no such part: see its index.');
  return value;
}

type Outputs = readonly { readonly data: ArrayLike<number> }[];

async function expectOutputsClose(run: GoldenRun, model: Model, expected: Outputs): Promise<void> {
  const outputs = await run.outputs(model);
  expect(outputs.length).toBe(expected.length);
  for (const [i, { data }] of expected.entries()) expectClose(outputs[i] ?? [], data, 1e-5, `output ${i}`);
}

async function lowestSqnr(run: GoldenRun, model: Model, expected: Outputs): Promise<number> {
  const outputs = await run.outputs(model);
  expect(outputs.length).toBe(expected.length);
  return Math.min(...expected.map(({ data }, i) => sqnr(data, outputs[i] ?? [])));
}
