import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import type { Change } from '../../graph/change';
import type { Model } from '../../graph/model';
import { asFloat } from '../../graph/tensor';
import { DEFAULT_SETTINGS, type Settings } from '../settings';
import { network, networkOf, WIDTH } from '../testNetwork';
import { runPipeline, testBatch } from '../testRun';
import { Explainer } from './explainer';
import type { Explanation } from './playbackViews';
import { computed } from './testFormula';

beforeAll(() => openTestDevice('cpu'));

const STEPS = ['prepare', 'calibrate', 'equalize', 'convert'] as const;

/** `fc.weight[1, 2]` or `fc.bias[3]`: a value of the model, as a formula names it. */
const ELEMENT = /^(\S+)\[([\d, ]+)\]$/;

function elementOf({ params }: Model, label: string): number | null {
  const [, name = '', places = ''] = ELEMENT.exec(label) ?? [];
  const tensor = Object.entries(params).find(([param]) => param === name)?.[1];
  if (!tensor) return null;
  const place = places.split(', ').map(Number);
  if (place.length !== tensor.shape.length) return null;
  const index = place.reduce((sum, at, axis) => sum * (tensor.shape[axis] ?? 1) + at, 0);
  return asFloat(tensor, name).data[index] ?? null;
}

function checkNumbers({ formulas, choice }: Explanation, sentence: string): void {
  for (const { numbers, value, result, left } of formulas) {
    const found = computed(numbers);
    expect(Math.abs(found - value), `${sentence} ${left} = ${numbers} = ${result}`).toBeLessThanOrEqual(
      1e-3 * Math.abs(value) + 1e-9,
    );
    const printed = Number(result.replaceAll('−', '-'));
    expect(Math.abs(printed - value), `${left} = ${result}`).toBeLessThanOrEqual(1e-3 * Math.abs(value));
  }
  if (choice) expect(choice.chosen).toBeLessThan(choice.count);
}

async function checkRun(
  sample: Parameters<typeof networkOf>[0],
  settings: Partial<Settings>,
): Promise<number> {
  const { plain: _, ...run } = await runPipeline(networkOf(sample), [testBatch(8, [WIDTH])], settings);
  const explainer = new Explainer();
  let count = 0;
  for (const step of STEPS) {
    const touches = (param: string) => (change: Change) =>
      change.kind === 'rescale' && change.params.some((own) => own === param);
    /** The formulas of changes that no later one goes over: what the finished step has to hold. */
    const last = new Map<string, number>();
    run[step].changes.forEach((change, number) => {
      const question = { step, form: 'lowered' as const, change: number };
      const chosen = { ...DEFAULT_SETTINGS, ...settings };
      const explanation = explainer.explain(run, chosen, { ...question, part: null });
      checkNumbers(explanation, change.sentence);
      count += explanation.formulas.length;
      for (const { left, value } of explanation.formulas) {
        const param = ELEMENT.exec(left)?.[1] ?? '';
        if (!run[step].changes.slice(number + 1).some(touches(param))) last.set(left, value);
      }
      if (explanation.choice)
        for (let part = 0; part < Math.min(4, explanation.choice.count); part++) {
          const other = explainer.explain(run, chosen, { ...question, part });
          checkNumbers(other, change.sentence);
          expect(other.choice?.chosen).toBe(part);
        }
    });
    for (const [label, value] of last) {
      const held = elementOf(run[step].model, label);
      if (held !== null && step !== 'convert') expect(held, `${step}: ${label}`).toBe(value);
    }
  }
  return count;
}

const settingsOf = fc.oneof(
  fc.record({ semantics: fc.constantFrom('exact' as const, 'pytorch' as const) }),
  fc.record({ qconfig: fc.constantFrom('fbgemm' as const, 'qnnpack' as const, 'per-channel' as const) }),
  fc.record({ method: fc.constant('smoothquant' as const), alpha: fc.constantFrom(0.3, 0.4567) }),
  fc.record({ method: fc.constant('cross-layer' as const), absorbBias: fc.boolean() }),
);

it('every formula of every change comes out as it says, and as the model has it', {
  timeout: 120_000,
}, async () => {
  let formulas = 0;
  await fc.assert(
    fc.asyncProperty(network, settingsOf, async (sample, settings) => {
      formulas += await checkRun(sample, settings);
    }),
    { numRuns: 40 },
  );
  expect(formulas).toBeGreaterThan(500);
});
