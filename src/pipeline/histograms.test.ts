import { beforeAll, describe, expect, it } from 'vitest';
import { scaleRange } from '../equalize/scale';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { moduleName } from '../graph/ids';
import { type ObservedModel, observerQParams, observerState, overallRange } from '../quant/observer';
import { runPipeline, testBatch } from './testRun';

const WEIGHT = [
  [1, -2, 0.5, 3],
  [0.2, 1, -1, 0.1],
  [2, 0.3, 0.7, -0.4],
];
const SECOND = [
  [1, -0.2, 5],
  [0.4, 2, -0.1],
];

/** x → fc1 → relu → fc2. */
function chain() {
  const g = new TestModel();
  g.input('x');
  g.linear('fc1', 'x', WEIGHT, [0.1, -0.2, 0.3]);
  g.call('relu', 'torch.nn.functional.relu', 'fc1');
  g.linear('fc2', 'relu', SECOND);
  return g.build('fc2');
}

const batches = [testBatch(40, [4], 'x', 3), testBatch(17, [4], 'x', 4), testBatch(60, [4], 'x', 5)];
const stateOf = (model: ObservedModel, value: string) =>
  observerState(model, moduleName(`${value}_activation_post_process_0`));
const counted = (model: ObservedModel, value: string): number => {
  const state = stateOf(model, value);
  return state?.kind === 'histogram' ? (state.histogram?.reduce((a, b) => a + b, 0) ?? 0) : Number.NaN;
};

describe('HistogramObservers in exact semantics', () => {
  beforeAll(() => openTestDevice('cpu'));

  it('count every value of every batch', async () => {
    const { calibrate } = await runPipeline(chain(), batches, { qconfig: 'fbgemm' });
    expect(['x', 'fc1', 'fc2'].map((value) => counted(calibrate.model, value))).toEqual([468, 351, 234]);
  });

  it('see the scaled tensors after equalization', async () => {
    const { calibrate, equalize } = await runPipeline(chain(), batches, { qconfig: 'qnnpack' });
    expect(equalize.result.decisions.map(({ decision }) => decision)).toEqual(['mul', 'fold']);
    const totals = { x: 468, fc1: 351 };
    Object.entries(totals).forEach(([value, total], i) => {
      const [before, after] = [stateOf(calibrate.model, value), stateOf(equalize.model, value)];
      const decision = equalize.result.decisions[i];
      if (!before || !after || !decision?.input || !decision.scale)
        throw new Error(`${value} was not equalized`);
      const expected = overallRange(scaleRange(decision.input, decision.scale.values));
      expect(after.min).toBeCloseTo(expected.min, 5);
      expect(after.max).toBeCloseTo(expected.max, 5);
      expect(counted(equalize.model, value)).toBe(total);
      expect(after.channels).toBe(before.channels);
      expect(observerQParams(after)).not.toEqual(observerQParams(before));
    });
  });

  it('quantize as well as minimum and maximum do, or better', async () => {
    const wide = await runPipeline(chain(), batches, { qconfig: 'default' });
    const searched = await runPipeline(chain(), batches, { qconfig: 'fbgemm' });
    const sqnr = ({ convert }: typeof wide) => convert.outputs.equalized.sqnr ?? Number.NaN;
    expect(sqnr(searched)).toBeGreaterThan(sqnr(wide) - 1);
  });
});
