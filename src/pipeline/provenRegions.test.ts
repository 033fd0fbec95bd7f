import { describe, expect, it } from 'vitest';
import type { LayerDecision } from '../equalize/decision';
import type { Comparison } from '../exec/comparison';
import { nodeName } from '../graph/ids';
import { provenRegions } from './provenRegions';
import { equalizeReport } from './summaries';

const none = { scale: null, input: null } as const;
const fold = (layer: string, producer: string): LayerDecision => ({
  ...none,
  layer: nodeName(layer),
  decision: 'fold',
  producers: [nodeName(producer)],
  dropped: false,
  rule: 'input-weight',
});
const mul = (layer: string): LayerDecision => ({
  ...none,
  layer: nodeName(layer),
  decision: 'mul',
  mul: nodeName('mul'),
  reason: null,
  rule: 'by hand',
});
const skip: LayerDecision = {
  ...none,
  layer: nodeName('s'),
  decision: 'skip',
  reason: { kind: 'excluded' },
};
const error = (maxRelError: number): Comparison => ({
  maxAbsError: maxRelError,
  maxRelError,
  sqnr: 60,
  compared: 10,
  excluded: 0,
});

const decisions = [mul('a'), fold('q', 'norm'), fold('k', 'norm'), skip, fold('b', 'a')];
const errors = (b: number) =>
  new Map([
    ['a', error(1e-7)],
    ['q', error(2e-7)],
    ['k', error(3e-7)],
    ['s', error(1)],
    ['b', error(b)],
  ]);

describe('the proof, region by region', () => {
  it('is the largest error of the layers that share their scales; layers left alone have none', () => {
    expect(provenRegions(decisions, errors(4e-7))).toEqual([
      { layers: ['a'], decision: 'mul', rule: 'by hand', maxRelError: 1e-7 },
      { layers: ['q', 'k'], decision: 'fold', rule: 'input-weight', maxRelError: 3e-7 },
      { layers: ['b'], decision: 'fold', rule: 'input-weight', maxRelError: 4e-7 },
    ]);
  });

  it('knows nothing of a region whose values are all NaN or infinite', () => {
    const unknown = new Map([...errors(1e-7), ['k', { ...error(0), compared: 0, excluded: 10 }] as const]);
    expect(provenRegions(decisions, unknown)[1]?.maxRelError).toBeNull();
    expect(() => provenRegions(decisions, new Map())).toThrow(/internal: the output of 'a'/);
  });

  it('fails the step and names the region, also where the output hides the error', () => {
    const regions = provenRegions(decisions, errors(0.02));
    for (const output of [error(1e-7), error(0.01)]) {
      const { failed, warning } = equalizeReport(decisions, output, regions, 'exact');
      expect(failed).toBe(true);
      expect(warning).toContain('relative error 2.0e-2 is above 0.0001. It begins in the region of b.');
    }
  });

  it('passes below 1e-4, and never fails a step of PyTorch semantics', () => {
    const passed = equalizeReport(decisions, error(1e-7), provenRegions(decisions, errors(9e-5)), 'exact');
    expect(passed).toMatchObject({ failed: false, warning: null });
    const regions = provenRegions(decisions, errors(0.02));
    expect(equalizeReport(decisions, error(0.02), regions, 'pytorch')).toMatchObject({
      failed: false,
      functionChanged: true,
    });
  });
});
