import { expect, it } from 'vitest';
import { type ChunkWork, doInChunks, makeControl } from './chunks';

const JOB = [3, 1, 4, 1, 5, 9, 2, 6];
const CHUNKS = 7;

it('does every chunk of a job once, with the job as it was given', () => {
  const control = makeControl();
  const done: number[][] = [];
  for (let round = 0; round < 3; round++)
    doInChunks(control, [...JOB.slice(0, 7), round], CHUNKS, (job, chunk) => done.push([...job, chunk]));
  const expected = [0, 1, 2].flatMap((round) =>
    Array.from({ length: CHUNKS }, (_, chunk) => [...JOB.slice(0, 7), round, chunk]),
  );
  expect(done).toEqual(expected);
});

it('fails where a chunk fails, once the others are done, and not at the next job', () => {
  const control = makeControl();
  const seen: number[] = [];
  const work: ChunkWork = (_, chunk) => {
    seen.push(chunk);
    if (chunk === 2) throw new Error('out of bounds');
  };
  expect(() => doInChunks(control, JOB, CHUNKS, work)).toThrow('a thread failed at its part');
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(() => doInChunks(control, JOB, 2, work)).not.toThrow();
});
