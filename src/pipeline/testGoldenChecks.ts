import { expect } from 'vitest';
import { layerSqnrDict } from '../exec/numericSuite/layerSqnrDict';
import { lowestSqnrLayers } from '../exec/numericSuite/lowestSqnrLayers';
import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import { printGraph } from '../graph/print';
import type { GoldenPart, GoldenSuite } from './testGolden';
import { expectGraph, expectNames, firstLayers } from './testGoldenGraph';
import { expectObservers } from './testGoldenObservers';
import type { GoldenRun } from './testGoldenRun';
import { expectOutputs, expectParams, expectWeights } from './testGoldenWeights';
import { expectClose, sqnr } from './testNumbers';
import { quietJob } from './testRun';

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
  const { reference, outputs } = run.golden;
  const { weights } = part(reference);
  // The int8 weights are those of quantized modules, which a model that cannot be lowered does not have.
  const ties = run.golden.converted
    ? expectWeights((await run.equalize()).model, await run.converted(), weights)
    : 0;
  await expectSqnr(run, await run.reference(), part(outputs.int8Equalized), ties === 0 ? 45 : 30);
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

/** PyTorch ran integer kernels, which round a value half a step off now and then, and in pools to the other side of ties. */
const SUITE_DECIBELS = 1.5;

/** `get_layer_sqnr_dict` and the layers that `get_equalization_qconfig_dict` selects. */
async function layerSqnr(run: GoldenRun): Promise<void> {
  const { plain, equalized } = part(run.golden.layerSqnr);
  await expectSuite(run, await run.plainConverted(), plain);
  await expectSuite(run, await run.converted(), equalized);
}

async function expectSuite(run: GoldenRun, quantized: Model, golden: GoldenSuite): Promise<void> {
  const suite = async () => layerSqnrDict(await run.plain(), quantized, run.test, quietJob);
  if ('error' in golden) {
    if (golden.error.startsWith('GraphMatchingException')) await expect(suite()).rejects.toThrow(GraphError);
    return;
  }
  const ours = await suite();
  expect([...ours.keys()].toSorted()).toEqual(Object.keys(golden.sqnr).toSorted());
  for (const [layer, dB] of Object.entries(golden.sqnr)) {
    const own = ours.get(layer) ?? Number.NaN;
    const difference = own === dB ? 0 : Math.abs(own - dB);
    expect(difference, `dB of '${layer}': ${own} for ${dB}`).toBeLessThan(SUITE_DECIBELS);
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
  'plain int8 outputs': {
    needs: 'plain',
    holds: async (run) => expectSqnr(run, await run.plainReference(), part(run.golden.outputs.int8Plain), 45),
  },
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

async function expectSqnr(run: GoldenRun, model: Model, expected: Outputs, least: number): Promise<void> {
  const outputs = await run.outputs(model);
  expect(outputs.length).toBe(expected.length);
  for (const [i, { data }] of expected.entries())
    expect(sqnr(data, outputs[i] ?? []), `dB of output ${i}`).toBeGreaterThan(least);
}
