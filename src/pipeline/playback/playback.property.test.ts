import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { drawnForm } from '../forms';
import { graphView } from '../graphView';
import { pathsFrom } from '../modulePaths';
import { network, networkOf, WIDTH } from '../testNetwork';
import { runPipeline, testBatch } from '../testRun';
import { playbackOf } from './playback';
import { playedThrough } from './testPlayer';

beforeAll(() => openTestDevice('cpu'));

describe('playing a step of a random network', () => {
  it('starts with the graph before it and ends with its own, in both forms', {
    timeout: 180_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        network,
        fc.constantFrom('exact' as const, 'pytorch' as const),
        async (sample, semantics) => {
          const run = await runPipeline(networkOf(sample), [testBatch(4, [WIDTH])], { semantics });
          const { plain: _, ...snapshots } = run;
          const { forms } = run.convert;
          const ends = [
            { step: 'prepare', form: 'lowered', before: run.load, after: run.prepare },
            { step: 'calibrate', form: 'lowered', before: run.prepare, after: run.calibrate },
            { step: 'equalize', form: 'lowered', before: run.calibrate, after: run.equalize },
            { step: 'convert', form: 'reference', before: run.equalize, after: forms.reference },
            { step: 'convert', form: 'lowered', before: run.equalize, after: drawnForm(forms) },
          ] as const;
          const pathsOf = pathsFrom(run.load.model, {});
          for (const { step, form, before, after } of ends) {
            const playback = await playbackOf(snapshots, { semantics, step, form }, pathsOf);
            expect(playback.deltas).toHaveLength(after.changes.length);
            const { start, end } = playedThrough(playback);
            const first = graphView({ model: before.model, changes: [] }, before.model, pathsOf);
            expect(start.nodes).toEqual(first.nodes);
            const last = graphView(after, before.model, pathsOf);
            expect(end.nodes).toEqual(last.nodes);
            expect(end.edges).toEqual(last.edges);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
