import { expect, it } from 'vitest';
import { type ChunkWork, chunksHelped, doInChunks, makeControl } from './chunks';

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
    if (chunk === 2) throw new RangeError('out of bounds');
    if (chunk === 4) throw new Error('a later one');
  };
  expect(() => doInChunks(control, JOB, CHUNKS, work)).toThrow(
    /^internal: a thread failed at chunk 3 of 7: RangeError: out of bounds$/,
  );
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(() => doInChunks(control, JOB, 2, work)).not.toThrow();
});

it('tells the beginning of a reason that is longer than its room, and after a long one a short one', () => {
  const control = makeControl();
  const failing = (reason: string) => () =>
    doInChunks(control, JOB, 1, () => {
      throw new Error(reason);
    });
  expect(failing('é'.repeat(5000))).toThrow(/^internal: a thread failed at chunk 1 of 1: Error: é{100,}…$/);
  expect(failing('short')).toThrow(/: Error: short$/);
});

it('counts nothing as helped that the owner did by itself', () => {
  const control = makeControl();
  doInChunks(control, JOB, CHUNKS, () => {});
  expect(chunksHelped(control)).toBe(0);
});
