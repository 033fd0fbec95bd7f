import type { EngineApi } from '../engine/api';
import { whenIdle } from '../whenIdle';
import type { Studio } from './studio';

/** The page draws the graph meanwhile: on few cores, reading all weights would be at its expense. */
const DRAWING_MS = 600;

const drawn = (): Promise<void> => new Promise((resolve) => whenIdle(resolve, DRAWING_MS));

/**
 * Brings what opening a model left out of the layers table, once the page has drawn the graph. A step or another model that
 * came first has brought its own table along.
 */
export async function readLayers(
  engine: EngineApi,
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
): Promise<void> {
  const { view, modelSerial } = get();
  if (view.layers.every(({ weightRatio }) => weightRatio !== null)) return;
  const isOverdue = () => get().view.state !== view.state || get().modelSerial !== modelSerial;
  await drawn();
  if (isOverdue()) return;
  const outcome = await engine.readLayers();
  if (isOverdue()) return;
  if (outcome.ok) set({ view: { ...get().view, layers: outcome.value } });
  else if (outcome.error.kind !== 'cancelled')
    get().report(outcome.error.message, { title: 'The layers’ weights', subject: 'load' });
}
