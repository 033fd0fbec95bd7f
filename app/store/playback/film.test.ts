import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../../../src/exec/testDevice';
import { drawnForm } from '../../../src/pipeline/forms';
import { graphView } from '../../../src/pipeline/graphView';
import { pathsFrom } from '../../../src/pipeline/modulePaths';
import { playbackOf } from '../../../src/pipeline/playback/playback';
import { network, networkOf, WIDTH } from '../../../src/pipeline/testNetwork';
import { runPipeline, testBatch } from '../../../src/pipeline/testRun';
import { fakePlayback } from './fakePlayback';
import { Film, textOf } from './film';

beforeAll(() => openTestDevice('cpu'));

it('a film of a random network shows the same graphs backwards as forwards, and ends with the finished one', {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(network, async (sample) => {
      const { plain: _, ...run } = await runPipeline(networkOf(sample), [testBatch(4, [WIDTH])]);
      const pathsOf = pathsFrom(run.load.model, {});
      for (const step of ['prepare', 'equalize', 'convert'] as const) {
        const playback = await playbackOf(run, { semantics: 'exact', step, form: 'lowered' }, pathsOf);
        const film = new Film(playback);
        const forwards = [...playback.deltas, null].map((_, i) => film.at(i));
        const backwards = forwards.map((_, i) => film.at(forwards.length - 1 - i)).reverse();
        expect(backwards).toEqual(forwards);
        const before = { prepare: run.load, equalize: run.calibrate, convert: run.equalize }[step].model;
        const end = graphView(step === 'convert' ? drawnForm(run.convert.forms) : run[step], before, pathsOf);
        const { text, ...graph } = end;
        expect(forwards.at(-1)).toMatchObject(graph);
        expect(textOf(forwards.at(-1)?.nodes ?? [])).toBe(text);
      }
    }),
    { numRuns: 20 },
  );
});

it('every node of every frame has a place in the union, and keeps it under another name', () => {
  const start = fakePlayback('convert', 'lowered');
  const [x, fc1] = start.start;
  if (!x || !fc1) throw new Error('the fake playback has two nodes');
  const film = new Film({
    ...start,
    deltas: [
      [
        {
          kind: 'rename',
          names: [
            ['x', 'fc'],
            ['fc', 'x'],
          ],
        },
        { kind: 'look', state: { ...x, view: { ...x.view, name: 'fc' } } },
        { kind: 'look', state: { ...fc1, view: { ...fc1.view, name: 'x' }, inputs: ['fc'] } },
      ],
    ],
  });
  expect(film.union.nodes.map(({ name }) => name)).toEqual(['x', 'fc']);
  expect([...film.at(1).places]).toEqual([
    ['fc', 'x'],
    ['x', 'fc'],
  ]);
  expect(film.at(1).edges).toEqual([{ from: 'fc', to: 'x' }]);
  expect(film.at(0).places.size).toBe(0);
  expect(film.union.edges).toEqual([{ from: 'x', to: 'fc' }]);
});

it('what has gone since the start is a ghost', () => {
  const start = fakePlayback('prepare', 'lowered');
  const film = new Film({ ...start, deltas: [...start.deltas, [{ kind: 'go', name: 'fc' }]] });
  expect(film.at(2).ghosts).toEqual([]);
  expect(film.at(3).ghosts.map(({ name, change }) => [name, change])).toEqual([['fc', 'removed']]);
});

it('what came and went within the step is a ghost at the change that takes it away', () => {
  const start = fakePlayback('prepare', 'lowered');
  const [x] = start.start;
  if (!x) throw new Error('the fake playback has nodes');
  const come = { kind: 'come' as const, behind: null, state: { ...x, view: { ...x.view, name: 'passing' } } };
  const film = new Film({
    ...start,
    deltas: [[come], [{ kind: 'go', name: 'passing' }], [{ kind: 'go', name: 'fc' }]],
  });
  const ghosts = (position: number) => film.at(position).ghosts.map(({ name }) => name);
  expect([3, 2, 1, 2].map(ghosts)).toEqual([['fc'], ['passing'], [], ['passing']]);
});
