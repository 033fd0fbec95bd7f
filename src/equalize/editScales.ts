import { GraphError } from '../graph/errors';
import type { Plan, ScalePlan } from './plan';
import { SCALE_LIMITS, unitScale } from './scale';

/** Scales that the user set, by layer and input channel. */
export type ScaleEdits = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * The plan with the user's scales in the place of its own. All channels that share a factor get it; of two edits of one
 * factor the later counts. Throws a GraphError for a scale that is not a positive number within float32's comfortable
 * range, and for a channel that the layer does not have.
 */
export function editScales(plan: Plan, edits: ScaleEdits): Plan {
  const edited = plan.placement.consumers.filter(({ layer }) => edits[layer.node.name] !== undefined);
  if (edited.length === 0) return plan;
  const scale = 'skip' in plan ? unitScale(plan.placement.classes) : plan.scale;
  const values = Float32Array.from(scale.values);
  const set = new Set<number>();
  for (const { layer, classes } of edited)
    for (const [channel, value] of Object.entries(edits[layer.node.name] ?? {})) {
      const k = checkedClass(layer.node.name, classes, channel, value);
      values[k] = value;
      set.add(k);
    }
  const neutral = scale.neutral.filter(({ channel }) => !set.has(channel));
  return { ...scaled(plan), scale: { values, neutral } };
}

function scaled(plan: Plan): ScalePlan {
  if ('skip' in plan) {
    const { placement } = plan;
    return {
      placement,
      scale: unitScale(placement.classes),
      formula: 'set by hand',
      rule: 'by hand',
      reason: null,
    };
  }
  return { ...plan, formula: `${plan.formula}, some by hand`, rule: `${plan.rule}, some by hand` };
}

function checkedClass(layer: string, classes: Int32Array, channel: string, value: number): number {
  const k = classes[Number(channel)];
  if (k === undefined || k < 0)
    throw new GraphError(
      `A scale is set for column ${channel} of '${layer}', which has columns 0 to ${classes.length - 1}. Take it back.`,
      layer,
    );
  const [smallest, largest] = SCALE_LIMITS.exact;
  if (!(value >= smallest && value <= largest))
    throw new GraphError(
      `The scale ${value} of column ${channel} of '${layer}' must be positive and between 2^-63 and 2^63. Set another or take it back.`,
      layer,
    );
  return k;
}
