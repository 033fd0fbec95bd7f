import type { EqualizationScale } from '../scale';
import type { ClassRanges } from './classRanges';

/** A formula for the equalization scale of each class of channels, from what is known of each class alone. */
export interface ScaleRule {
  /** As the page and the report name it: `SmoothQuant, α = 0.7`. */
  readonly title: string;
  readonly scale: (ranges: ClassRanges) => EqualizationScale;
  /** The formula with the numbers of one class, without the result: `sqrt(3.1 / 0.2)`. */
  readonly text: (ranges: ClassRanges, k: number) => string;
}

export const short = (value: number): string => String(Number(value.toPrecision(3)));
