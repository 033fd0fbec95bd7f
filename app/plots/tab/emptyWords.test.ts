import { describe, expect, it } from 'vitest';
import type { StepName } from '../../../src/index';
import { fakeDetails, fakeLayer } from '../../store/fakes/layers';
import { fakeNode, NOTHING, stepView } from '../../store/fakes/views';
import type { PlotKind } from '../../store/studio';
import { emptyWords } from './emptyWords';

/** The words about `fc`, a layer with a scale, or about another node, at a step of a run. */
function words(
  plotKind: PlotKind,
  at: StepName,
  ran: readonly StepName[],
  selected: 'fc' | 'relu' | 'observer' = 'fc',
) {
  const nodes = [fakeNode('fc'), fakeNode('relu'), { ...fakeNode('observer'), role: 'observer' as const }];
  const graph = { nodes, edges: [], text: '' };
  const steps = Object.fromEntries(ran.map((step) => [step, { ...stepView(step), graph }]));
  const isEqualized = ran.includes('equalize');
  const layers = [{ ...fakeLayer('fc'), rule: isEqualized ? 'sqrt' : null }];
  const view = { ...NOTHING, steps, layers };
  const known = { ...fakeDetails(selected), step: at };
  const details = selected === 'fc' ? known : { ...known, layer: null };
  return emptyWords({ plotKind, shown: at, view, selected, details, tensors: null, plotError: null });
}

const FEW = ['load', 'prepare'] as const;
const ALL = ['load', 'prepare', 'calibrate', 'equalize', 'convert'] as const;

describe('emptyWords', () => {
  it('sends to the step that has what an earlier one lacks, where that step has run', () => {
    expect(words('input', 'prepare', ALL)).toBe('Choose the step Calibrate to see the column ranges of fc.');
    expect(words('input-histogram', 'load', ALL)).toContain('Choose the step Calibrate');
    expect(words('input', 'prepare', ALL, 'observer')).toContain('Choose the step Calibrate');
    expect(words('values', 'prepare', ALL)).toBe(
      'Choose the step Calibrate to see how the values are spread.',
    );
    expect(words('scale', 'calibrate', ALL)).toBe('Choose the step Equalize to see the scale of fc.');
  });
  it('tells to run it where it has not', () => {
    expect(words('input', 'prepare', FEW)).toBe('Click Calibrate to see the column ranges of fc.');
    expect(words('values', 'prepare', FEW)).toBe('Click Calibrate to see how the values are spread.');
    expect(words('scale', 'prepare', FEW)).toBe('Click Equalize to see the scale of fc, where it gets one.');
  });
  it('sends to no step for what no step has', () => {
    for (const step of ALL)
      expect(words('input', step, ALL, 'relu')).toBe(
        'relu has no column ranges: select a layer or an observer.',
      );
    expect(words('scale', 'load', ALL, 'relu')).toContain('relu has no equalization scale');
    expect(words('scale', 'equalize', ALL)).toContain('fc has no equalization scale');
    expect(words('weight', 'load', ALL, 'relu')).toBe('relu has no weight: select a layer.');
  });
});
