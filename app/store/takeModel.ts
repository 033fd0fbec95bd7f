import type { StudioView } from '../../src/index';
import { FIRST_LOOK } from './groups/graphLookSlice';
import type { Studio } from './studio';
import { forNewModel } from './vocabulary';

/** Takes over a model that the engine has opened: nothing of the model before stays, but for the engine's own alerts. */
export function takeModel(
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
  view: StudioView,
  sample: string | null,
): void {
  set({
    settings: forNewModel(get().settings),
    modelSerial: get().modelSerial + 1,
    failures: {},
    runs: [],
    runGraphs: new Map(),
    left: null,
    right: null,
    differenceKind: null,
    played: null,
    history: [],
    historyAt: 0,
    project: null,
    saving: { kind: 'none' },
    unsaved: false,
    inFile: null,
    interrupted: null,
    compared: null,
    advice: null,
    dataOptions: null,
    imagesWait: false,
    previews: [],
    ...FIRST_LOOK,
    assistant: null,
    sample,
    alerts: get().alerts.filter(({ subject }) => subject === 'engine'),
  });
  get().select(null);
  get().markAll([]);
  get().clearLayerFilter();
  get().adopt(view, 'load');
  get().announce(`Load: ${view.steps.load?.summary ?? view.model?.name ?? 'done'}`);
}
