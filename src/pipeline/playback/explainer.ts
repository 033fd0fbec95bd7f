import type { Settings, StepName } from '../settings';
import type { Snapshots } from '../snapshots';
import type { Form } from '../views';
import type { Explanation } from './playbackViews';

export class Explainer {
  explain(
    _snapshots: Snapshots,
    _settings: Settings,
    _which: {
      readonly step: StepName;
      readonly form: Form;
      readonly change: number;
      readonly part: number | null;
    },
  ): Explanation {
    return { why: '', formulas: [], choice: null, lines: null };
  }
}
