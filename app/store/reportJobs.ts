import type { StepName, StudioView } from '../../src/index';
import type { EngineApi } from '../engine/api';
import { holds } from './selectors';
import type { ReportJobs, Slice } from './studio';

/** The step whose ranges are told: the equalized ones where there are any. */
const STEPS_TO_ASK: readonly StepName[] = ['equalize', 'calibrate', 'prepare', 'load'];

const stepOf = (view: StudioView, layer: string): StepName | undefined =>
  STEPS_TO_ASK.find((step) => holds(view.steps[step], layer));

export const createReportJobs =
  (engine: EngineApi): Slice<ReportJobs> =>
  (_, get) => ({
    layerDetails: async (layers) => {
      const { view, form } = get();
      const answers = await Promise.all(
        layers.map(async (layer) => {
          const step = stepOf(view, layer);
          return step === undefined ? null : engine.inspect(step, layer, form);
        }),
      );
      // The engine answers of its newest state: these may be no figures of what the report is about.
      if (get().view.state !== view.state) return null;
      const failed = answers.find((answer) => answer?.ok === false);
      if (failed?.ok === false)
        get().report(`${failed.error.message} The report lacks these ranges.`, {
          title: 'Report',
          subject: 'export',
        });
      return answers.flatMap((answer) => (answer?.ok === true ? [answer.value] : []));
    },
  });
