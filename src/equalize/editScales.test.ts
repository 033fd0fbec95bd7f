import { describe, expect, it } from 'vitest';
import { GraphError } from '../graph/errors';
import { nodeName } from '../graph/ids';
import { linear, model } from '../pipeline/testExact';
import { layerNodes } from '../quant/weightUse';
import { editScales } from './editScales';
import type { LeavePlan, Plan, ScalePlan } from './plan';
import type { MulPlacement } from './regions/regions';

const [fc] = layerNodes(model((g) => g.module('fc', 'x', linear(3, 2))));
if (!fc) throw new Error('the model has one layer');
const observer = { observerNode: nodeName('eq'), observer: 'eq' as never };
/** Three columns of which the first and the last share a factor. */
const placement: MulPlacement = {
  placement: 'mul',
  tensor: nodeName('x'),
  reason: null,
  classes: 2,
  consumers: [{ layer: fc, ...observer, classes: Int32Array.of(0, 1, 0) }],
};
const scale = { values: Float32Array.of(2, 3), neutral: [{ channel: 1, reason: 'non-finite' as const }] };
const plan: ScalePlan = { placement, scale, formula: 's[0] = …', rule: 'input-weight', reason: null };
const leave: LeavePlan = { placement, skip: { kind: 'no-gain', tried: 4 } };
const valuesOf = (edited: Plan) => ('skip' in edited ? null : [...edited.scale.values]);

describe('scales by hand', () => {
  it('replace those of the rule, for all channels that share one', () => {
    const edited = editScales(plan, { fc: { 2: 0.5 } });
    expect(valuesOf(edited)).toEqual([0.5, 3]);
    expect(edited).toMatchObject({ rule: 'input-weight, some by hand' });
  });

  it('are no longer neutral', () => {
    expect(editScales(plan, { fc: { 1: 0.5 } })).toMatchObject({
      scale: { values: Float32Array.of(2, 0.5), neutral: [] },
    });
  });

  it('equalize a layer that the method left alone', () => {
    expect(valuesOf(editScales(leave, { fc: { 0: 4 } }))).toEqual([4, 1]);
  });

  it('of other layers change nothing', () => {
    expect(editScales(plan, { other: { 0: 4 } })).toBe(plan);
    expect(editScales(leave, {})).toBe(leave);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** -64, 2 ** 64])('refuse %s', (value) => {
    expect(() => editScales(plan, { fc: { 0: value } })).toThrow(GraphError);
    expect(() => editScales(plan, { fc: { 0: value } })).toThrow(/column 0 of 'fc' must be positive/);
  });

  it.each(['3', '-1', '0.5', 'one'])('refuse column %s of a layer of three', (column) => {
    expect(() => editScales(plan, { fc: { [column]: 2 } })).toThrow(/columns 0 to 2/);
  });
});
