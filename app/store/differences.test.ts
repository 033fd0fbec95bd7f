import { describe, expect, it } from 'vitest';
import type { ComparisonOutcome, StepName, StepView } from '../../src/index';
import { differencesAt, isMarked, placeOf } from './differences';

const difference = { node: 'obs', also: ['fc', 'fc'], layer: 'fc', exact: 'keeps', pytorch: 'loses' };
const figures = { maxRelError: 0, sqnr: 30, layers: {}, error: null };
const comparison: ComparisonOutcome = {
  kind: 'compared',
  comparison: { differences: [difference], exact: figures, pytorch: figures, ms: 1 },
};

const step = (name: StepName, nodes: readonly string[]): StepView => ({
  step: name,
  ms: 1,
  summary: '',
  warning: null,
  failed: false,
  functionChanged: false,
  changes: [],
  graph: {
    nodes: nodes.map((node) => ({
      name: node,
      opcode: 'call_module',
      role: 'op',
      type: '',
      detail: '',
      shape: '',
      line: '',
      change: 'same',
      path: [],
    })),
    edges: [],
    text: '',
  },
  forms: null,
});
const steps = {
  load: step('load', ['x', 'fc']),
  equalize: step('equalize', ['x', 'obs', 'fc']),
  convert: step('convert', ['x', 'fc']),
};

describe('differences of the semantics', () => {
  it('are found at their node; after Convert at those that stand for it, each once', () => {
    expect(differencesAt({ comparison }, 'equalize', 'obs')).toEqual([difference]);
    expect(differencesAt({ comparison }, 'equalize', 'fc')).toEqual([]);
    expect(differencesAt({ comparison }, 'convert', 'fc')).toEqual([difference]);
    expect(differencesAt({ comparison }, 'convert', 'fc')).toBe(
      differencesAt({ comparison }, 'convert', 'fc'),
    );
  });

  it('are none elsewhere, before Convert and where nothing was compared', () => {
    const stopped = { kind: 'stopped', reason: 'cancelled' } as const;
    expect(differencesAt({ comparison }, 'convert', 'x')).toEqual([]);
    expect(differencesAt({ comparison: null }, 'equalize', 'obs')).toEqual([]);
    expect(differencesAt({ comparison: stopped }, 'equalize', 'obs')).toEqual([]);
  });

  it('mark graphs from Equalize on', () => {
    expect(isMarked({ comparison }, 'calibrate', 'obs')).toBe(false);
    expect(isMarked({ comparison }, 'equalize', 'obs')).toBe(true);
    expect(isMarked({ comparison }, 'convert', 'x')).toBe(false);
  });
});

describe('the place to look at', () => {
  it('is in the shown graph, at the node or at what stands for it', () => {
    expect(placeOf({ steps }, 'equalize', difference)).toEqual({ step: 'equalize', node: 'obs' });
    expect(placeOf({ steps }, 'convert', difference)).toEqual({ step: 'convert', node: 'fc' });
  });

  it('is in the equalized graph where the shown one has none of them', () => {
    const alone = { ...difference, also: [] };
    expect(placeOf({ steps }, 'convert', alone)).toEqual({ step: 'equalize', node: 'obs' });
    expect(placeOf({ steps }, 'convert', { ...alone, node: 'gone' })).toBeNull();
  });
});
