import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';

import { buildRandomNet, randomNet } from '../equalize/regions/testRandomNet';
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

/** For all layers, for some of them by name, and single scales by hand. */
const choices = fc.record({
  method,
  alpha: fc.double({ min: 0, max: 1, noNaN: true }),
  absorbBias: fc.boolean(),
  /** Biases so high that ReLUs behind them rarely cut anything: then there is something to absorb. */
  raised: fc.boolean(),
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

beforeAll(() => openTestDevice('cpu'));

it('every method keeps the float function of random networks, whatever is selected', {
  timeout: 600_000,
}, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(randomNet, choices, async (net, { own, edits, raised, ...chosen }) => {
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
      expect(outputs.maxRelError).toBeLessThanOrEqual(1e-5);
      const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
      for (const decision of result.decisions) {
        count(`${chosen.method} ${decision.decision}`);
        if (decision.decision === 'fold' && (decision.absorbedChannels ?? 0) > 0) count('absorbed');
      }
    }),
    { numRuns: 2000, seed: 20261126 },
  );
  expect(seen.get('absorbed') ?? 0).toBeGreaterThan(5);
  // A method that leaves everything alone would pass as well.
  for (const name of METHODS)
    for (const decision of ['fold', 'mul'])
      if (`${name} ${decision}` !== 'cross-layer mul')
        expect(seen.get(`${name} ${decision}`) ?? 0).toBeGreaterThan(10);
});
