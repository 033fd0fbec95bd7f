import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';

import { buildRandomNet, randomNet, reluNet } from '../equalize/regions/testRandomNet';
import type { Batch } from '../exec/batches';
import { compareModels } from '../exec/compare';
import { openTestDevice } from '../exec/testDevice';
import { lint } from '../graph/lint';
import type { Model } from '../graph/model';
import { floatTensor, type Tensor } from '../graph/tensor';
import { floatModel } from '../quant/floatModel';
import { equalizeModel } from './equalizeModel';
import { DEFAULT_SETTINGS, METHODS, type Settings } from './settings';
import { calibrateStep, loadStep, prepareStep } from './steps';
import { allBut, quietJob, testBatch } from './testRun';

/** A search tries a hundred models for every one that the other methods make: it comes less often. */
const FIXED = METHODS.filter((method) => method !== 'auto');
const method = fc.constantFrom(...FIXED, ...FIXED, ...FIXED, ...FIXED, ...FIXED, ...FIXED, 'auto' as const);

/** Few random networks have a bias to absorb. */
const net = fc.oneof({ arbitrary: randomNet, weight: 8 }, { arbitrary: reluNet, weight: 2 });

/** For all layers, for some of them by name, and single scales by hand. */
const choices = fc.record({
  method,
  alpha: fc.double({ min: 0, max: 1, noNaN: true }),
  absorbBias: fc.constantFrom(true, true, false),
  /** Biases so high that ReLUs behind them rarely cut anything: then there is something to absorb. */
  raised: fc.constantFrom(true, true, false),
  qconfig: fc.constantFrom('default' as const, 'default' as const, 'per-channel' as const, 'fbgemm' as const),
  own: fc.array(fc.tuple(fc.nat(10), method), { maxLength: 1 }),
  edits: fc.array(fc.tuple(fc.nat(10), fc.double({ min: 0.1, max: 10, noNaN: true })), { maxLength: 2 }),
});

function withHighBiases(model: Model): Model {
  const raised = Object.entries<Tensor>(model.params).map(([name, tensor]) => [
    name,
    name.endsWith('.bias')
      ? floatTensor(
          tensor.shape,
          Float32Array.from(tensor.data, (v) => v + 6),
        )
      : tensor,
  ]);
  return { ...model, params: Object.fromEntries(raised) };
}

/** Largest relative error of a network that does not magnify roundings. */
const LIMIT = 1e-5;

/**
 * How far the output moves when every tensor of the model is rounded otherwise, by a unit or two in its last place up or
 * down: a network that subtracts equal values and normalizes the rest magnifies roundings, whoever makes them.
 */
async function roundingOf(model: Model, batches: readonly Batch[]): Promise<number> {
  const rounded = Object.entries<Tensor>(model.params).map(([name, tensor]) => [
    name,
    tensor.dtype === 'float32'
      ? floatTensor(
          tensor.shape,
          Float32Array.from(tensor.data, (v, i) => v * (1 + (i % 2 === 0 ? 1 : -1) * 2 ** -23)),
        )
      : tensor,
  ]);
  const other: Model = { ...model, params: Object.fromEntries(rounded) };
  return (await compareModels(model, other, batches, [], quietJob)).outputs.maxRelError;
}

beforeAll(() => openTestDevice('cpu'));

it('every method keeps the float function of random networks, whatever is selected', {
  timeout: 1_800_000,
}, async () => {
  const seen = new Map<string, number>();
  let magnifying = 0;
  await fc.assert(
    fc.asyncProperty(net, choices, async (net, { own, edits, raised, ...chosen }) => {
      const model = raised ? withHighBiases(buildRandomNet(net)) : buildRandomNet(net);
      const settings: Settings = {
        ...DEFAULT_SETTINGS,
        ...chosen,
        equalization: allBut(net.excluded.map((i) => `n${i}`)),
        byHand: {
          methods: Object.fromEntries(own.map(([i, method]) => [`n${i}`, method])),
          scales: Object.fromEntries(edits.map(([i, scale]) => [`n${i}`, { 0: scale }])),
        },
      };
      const batches = [testBatch(3, net.input)];
      const load = { ...loadStep(model, []), ms: 0 };
      const prepare = { ...prepareStep(load, settings), ms: 0 };
      const calibrate = { ...(await calibrateStep(prepare, settings, batches, quietJob)), ms: 0 };
      const { result } = await equalizeModel({ load, prepare, calibrate }, settings, batches, quietJob);
      lint(result.model);
      const { outputs } = await compareModels(model, floatModel(result.model), batches, [], quietJob);
      if (outputs.maxRelError > LIMIT) {
        magnifying++;
        expect(outputs.maxRelError).toBeLessThanOrEqual(10 * (await roundingOf(model, batches)));
      }
      const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
      for (const decision of result.decisions) {
        count(`${chosen.method} ${decision.decision}`);
        if (decision.decision === 'fold' && (decision.absorbedChannels ?? 0) > 0) count('absorbed');
      }
    }),
    { numRuns: 2000 },
  );
  expect(magnifying).toBeLessThanOrEqual(10);
  expect(seen.get('absorbed') ?? 0).toBeGreaterThan(5);
  // A method that leaves everything alone would pass as well.
  for (const name of METHODS)
    for (const decision of ['fold', 'mul'])
      if (`${name} ${decision}` !== 'cross-layer mul')
        expect(seen.get(`${name} ${decision}`) ?? 0).toBeGreaterThan(5);
});
