import { describe, expect, it } from 'vitest';
import type { JobState } from './slices/run';
import { leftWords, type Watch, watchProgress } from './timeLeft';

const jobAt = (done: number, total = 100, phase = 'Search'): JobState => ({
  step: 'equalize',
  goal: 'equalize',
  phase,
  done,
  total,
  cancelling: false,
});

/** What is said after each message: seconds on the clock, and how much is done. */
function told(messages: readonly (readonly [number, number])[]): readonly string[] {
  let watch: Watch | null = null;
  return messages.map(([seconds, done]) => {
    watch = watchProgress(watch, jobAt(done), seconds * 1000);
    return leftWords(watch);
  });
}

describe('the time that a job has left', () => {
  it('is said from three seconds and a twentieth of it on', () => {
    expect(
      told([
        [0, 0],
        [2, 10],
        [3, 4],
        [4, 10],
      ]),
    ).toEqual(['', '', '', 'about 40 s left']);
  });

  it('is rounded, and falls without jumping back', () => {
    const messages = [
      [0, 0],
      [10, 10],
      [20, 22],
      [30, 31],
      [40, 38],
      [80, 90],
      [90, 99],
    ] as const;
    expect(told(messages)).toEqual([
      '',
      'about 90 s left',
      'about 70 s left',
      'about 70 s left',
      'about 70 s left',
      'about 10 s left',
      'about 5 s left',
    ]);
  });

  it('rises where it was wrong by half', () => {
    expect(
      told([
        [0, 0],
        [4, 50],
        [60, 55],
      ]),
    ).toEqual(['', 'about 5 s left', 'about 50 s left']);
  });

  it('is of the part that runs: another phase begins anew', () => {
    const first = watchProgress(watchProgress(null, jobAt(0), 0), jobAt(50), 5000);
    expect(leftWords(first)).toBe('about 5 s left');
    expect(leftWords(watchProgress(first, jobAt(1, 8, 'Compare'), 6000))).toBe('');
    expect(watchProgress(first, null, 7000)).toBeNull();
    expect(watchProgress(null, jobAt(0, 0), 0)).toBeNull();
  });

  it('is told in minutes beyond two', () => {
    expect(
      told([
        [0, 0],
        [20, 10],
      ]).at(-1),
    ).toBe('about 3 min left');
  });
});
