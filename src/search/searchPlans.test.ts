import { beforeAll, describe, expect, it } from 'vitest';
import { findRegions } from '../equalize/regions/regions';
import { RULE_GRID } from '../equalize/rules/grid';
import { openTestDevice } from '../exec/testDevice';
import { DEFAULT_SETTINGS } from '../pipeline/settings';
import { calibrateStep, loadStep, prepareStep } from '../pipeline/steps';
import { linear, model } from '../pipeline/testExact';
import { quietJob, testBatch } from '../pipeline/testRun';
import { trap } from '../pipeline/testTraps';
import { sitesOf } from './candidate';
import { modelErrors } from './modelErrors';
import { searchPlans } from './searchPlans';

beforeAll(() => openTestDevice('cpu'));

async function calibrated(title: string) {
  const batches = [testBatch(40, [6]), testBatch(9, [6], 'x', 2)];
  const float = model(trap(title));
  const load = { ...loadStep(float, []), ms: 0 };
  const prepare = { ...prepareStep(load, DEFAULT_SETTINGS), ms: 0 };
  const { model: observed } = await calibrateStep(prepare, DEFAULT_SETTINGS, batches, quietJob);
  const sites = findRegions(observed).flatMap((region) => sitesOf(observed, region, RULE_GRID));
  return { input: { float, model: observed, batches }, sites };
}

describe('a search', () => {
  it.each([
    'connected layers',
    'two layers fold into one producer',
    'q, k and v share one input',
    'a residual',
    'x is read by something else too',
  ])('never loses against plain int8: %s', async (title) => {
    const { input, sites } = await calibrated(title);
    const found = await searchPlans(input, sites, quietJob);
    expect(found.found).toBeGreaterThanOrEqual(found.plain ?? Number.NaN);
    // The figure is that of the plans, not of something on the way.
    const [again] = await modelErrors(input, [found.plans], quietJob);
    expect(again).toBe(found.found);
  });

  it('finds what no candidate beats when there is one site', async () => {
    const { input, sites } = await calibrated('q, k and v share one input');
    const [site] = sites;
    expect(sites).toHaveLength(1);
    const all = await modelErrors(input, site?.candidates.map(({ plans }) => plans) ?? [], quietJob);
    const best = Math.max(...all.map((sqnr) => sqnr ?? 0));
    const { found } = await searchPlans(input, sites, quietJob);
    expect(found ?? 0).toBeGreaterThanOrEqual(best - 0.1);
  });

  it('takes a mul only where it gains 0.1 dB over the best fold', async () => {
    const { input, sites } = await calibrated('connected layers');
    const { sites: searched } = await searchPlans(input, sites, quietJob);
    for (const { trials, chosen } of searched) {
      const value = (cost: string) =>
        Math.max(...trials.flatMap((t) => (t.candidate.cost === cost && t.model !== null ? [t.model] : [])));
      const free = value('fold') >= value('none') + 0.02 ? 'fold' : 'none';
      expect(chosen.cost).toBe(value('mul') >= value(free) + 0.1 ? 'mul' : free);
    }
  });

  it('gives the same plans every time', async () => {
    const { input, sites } = await calibrated('connected layers');
    const [a, b] = [await searchPlans(input, sites, quietJob), await searchPlans(input, sites, quietJob)];
    expect(a.plans).toEqual(b.plans);
  });

  it('tells its progress from 0 to its end, and stops when cancelled', async () => {
    const { input, sites } = await calibrated('connected layers');
    const told: number[] = [];
    const controller = new AbortController();
    const job = {
      signal: controller.signal,
      progress: (phase: string, done: number, total: number) => {
        expect(phase).toBe('Search');
        expect(done).toBeLessThanOrEqual(total);
        told.push(done);
        if (told.length === 2) controller.abort(new Error('enough'));
      },
    };
    await expect(searchPlans(input, sites, job)).rejects.toThrow('enough');
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('leaves a model alone whose layers nothing can help', async () => {
    const float = model((g) => g.module('a', 'x', linear(1, 1)));
    const batches = [testBatch(16, [1])];
    const load = { ...loadStep(float, []), ms: 0 };
    const prepare = { ...prepareStep(load, DEFAULT_SETTINGS), ms: 0 };
    const { model: observed } = await calibrateStep(prepare, DEFAULT_SETTINGS, batches, quietJob);
    const sites = findRegions(observed).flatMap((region) => sitesOf(observed, region, RULE_GRID));
    const found = await searchPlans({ float, model: observed, batches }, sites, quietJob);
    expect(found.plans).toHaveLength(1);
    expect(found.sites[0]?.chosen.cost).toBe('none');
    expect(found.found).toBe(found.plain);
  });
});
