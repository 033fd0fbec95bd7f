import type { MethodName } from '../../../src/index';
import type { Advised, Compared } from '../findings';

export const METHODS_VIEWS = ['comparison', 'layers', 'advice'] as const;
export type MethodsView = (typeof METHODS_VIEWS)[number];

/** Methods compared and advice for layers. Neither changes a step; both stay when settings or data change. */
export interface MethodJobs {
  readonly compared: Compared | null;
  readonly advice: Advised | null;
  /** What the tab Methods shows. */
  readonly methodsView: MethodsView;

  setMethodsView(view: MethodsView): void;
  /** Runs every method on the open model. */
  compareMethods(): Promise<void>;
  /** Measures what equalization would gain each layer. */
  advise(): Promise<void>;
  /** Chooses a row of the comparison; where nothing is equalized now, for the layers that it was made for. */
  useMethod(name: MethodName): Promise<void>;
  /** Equalizes by search what gains by it, and leaves the other layers out. */
  applyAdvice(): Promise<void>;
}
