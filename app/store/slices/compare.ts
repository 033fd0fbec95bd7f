import type { StepName } from '../../../src/index';
import type { StateGraphs } from '../../engine/projects/api';
import type { NodeDifference } from '../compare/differencesOf';

/** The graphs of a run that went through to Convert, by step. */
export type RunGraphs = StateGraphs;

/** A graph to compare: of a step of the work as it stands, or of a run that was finished. */
export interface GraphSource {
  /** The run's serial; null for the work as it stands. */
  readonly run: number | null;
  readonly step: StepName;
}

export interface CompareSlice {
  /** The graphs of the newest runs, by their serials. */
  readonly runGraphs: ReadonlyMap<number, RunGraphs>;
  /** What stands on the left; null for the step before the shown one. */
  readonly left: GraphSource | null;
  /** What stands on the right; null for the shown step. */
  readonly right: GraphSource | null;
  /** Kinds of differences that are jumped through; all of them where it is empty. */
  readonly differenceKind: NodeDifference['kind'] | null;

  /** Puts a graph on a side of the comparison, and shows the comparison. */
  compareWith(side: 'left' | 'right', source: GraphSource | null): void;
  /** Shows two runs side by side, at Convert. */
  compareRuns(left: number, right: number): void;
  showDifferences(kind: NodeDifference['kind'] | null): void;
  /** Goes to the next difference behind the selected node, or to the one before it. */
  nextDifference(): void;
  previousDifference(): void;
}
