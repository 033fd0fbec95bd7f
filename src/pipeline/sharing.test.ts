import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { nodeName } from '../graph/ids';
import { nodeDetails } from './details';
import { layerViews } from './layerViews';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import { linear, model } from './testExact';
import { runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

/** q and k read x; fc reads what q's rows make. */
const NET = model((g) => {
  const q = g.module('q', 'x', linear(4, 4));
  const k = g.module('k', 'x', linear(4, 3));
  return [g.module('fc', q, linear(4, 2)), k];
});

const SCALES = { q: { 1: 0.5 }, k: { 1: 0.25, 3: 4 } };

async function views(settings: Partial<Settings>) {
  const chosen: Settings = { ...DEFAULT_SETTINGS, ...settings };
  const run = await runPipeline(NET, [testBatch(32, [4])], chosen);
  const details = (layer: string) => nodeDetails(run, chosen, 'equalize', layer, 'lowered');
  return { run, layers: new Map(layerViews(run, chosen).map((layer) => [layer.name, layer])), details };
}

describe('layers that share their scales', () => {
  it('say so, with the rule that made them', async () => {
    const { layers } = await views({ method: 'smoothquant', alpha: 0.6 });
    expect(layers.get('q')).toMatchObject({
      decision: 'mul',
      rule: 'SmoothQuant, α = 0.6',
      region: ['k'],
      sharesWith: ['k'],
    });
    expect(layers.get('fc')).toMatchObject({ decision: 'fold', region: [], sharesWith: [] });
  });

  it('have scales set by hand in common, and the later one counts', async () => {
    const { details } = await views({ byHand: { methods: {}, scales: SCALES } });
    const edits = [
      { column: 1, value: 0.25, layer: 'k', at: 1 },
      { column: 3, value: 4, layer: 'k', at: 3 },
    ];
    for (const layer of ['q', 'k']) {
      const { scale, scaleEdits, scaleColumns } = details(layer);
      expect(scaleColumns).toBe(4);
      expect(scaleEdits).toEqual(edits);
      expect(scale?.[1]).toBe(0.25);
      expect(scale?.[3]).toBe(4);
    }
    expect(details('fc').scaleEdits).toEqual([]);
    expect(details('q').layer?.rule).toBe('input-weight, some by hand');
  });

  it('are not named before calibration, nor in PyTorch semantics', async () => {
    const { run } = await views({});
    const early = { load: run.load, prepare: run.prepare };
    expect(layerViews(early, DEFAULT_SETTINGS, { only: nodeName('q') })[0]?.sharesWith).toEqual([]);
    const pytorch: Settings = { ...DEFAULT_SETTINGS, semantics: 'pytorch' };
    expect(layerViews(run, pytorch, { only: nodeName('q') })[0]?.region).toEqual([]);
  });
});
