import type { EngineApi } from '../engine/api';
import type { Studio } from './studio';

/**
 * Brings what opening a model left out of the layers table, while the page draws the graph. A step or another model that
 * came first has brought its own table along.
 */
export async function readLayers(
  engine: EngineApi,
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
): Promise<void> {
  const { view, modelSerial } = get();
  if (view.layers.every(({ weightRatio }) => weightRatio !== null)) return;
  const outcome = await engine.readLayers();
  if (get().view.state !== view.state || get().modelSerial !== modelSerial) return;
  if (outcome.ok) set({ view: { ...get().view, layers: outcome.value } });
  else if (outcome.error.kind !== 'cancelled')
    get().report(outcome.error.message, { title: 'The layers’ weights', subject: 'load' });
}
