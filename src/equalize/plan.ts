import type { ObservedModel } from '../quant/observer';
import type { MulReason, SkipReason } from './decision';
import type { Placement } from './regions/regions';
import { classRanges } from './rules/classRanges';
import { formulaText } from './rules/formula';
import type { ScaleRule } from './rules/scaleRule';
import type { EqualizationScale } from './scale';

/** A placement with one scale for each class of its channels. */
export interface ScalePlan {
  readonly placement: Placement;
  readonly scale: EqualizationScale;
  /** For the sentences of the changes: how the scale farthest from 1 came about. */
  readonly formula: string;
  /** What made the scale, as the page names it. */
  readonly rule: string;
  /** Why a mul where a fold would be possible; null where nothing was chosen. */
  readonly reason: MulReason | null;
  /** Whether the layers behind a fold take over high biases (`biasAbsorption.ts`). */
  readonly absorbs?: boolean;
}

/** A placement whose layers stay as they are, and why. */
export interface LeavePlan {
  readonly placement: Placement;
  readonly skip: SkipReason;
}

export type Plan = ScalePlan | LeavePlan;

/** What a rule makes of a placement. */
export function planScale(model: ObservedModel, placement: Placement, rule: ScaleRule): ScalePlan {
  const ranges = classRanges(model, placement);
  const scale = rule.scale(ranges);
  const [first] = placement.consumers;
  const formula = formulaText(scale.values, (k) => rule.text(ranges, k), first?.classes);
  return { placement, scale, formula, rule: rule.title, reason: null };
}
