import type { JobState } from './slices/run';

/** Since when a part of a job is watched, and what was said of its end. */
export interface Watch {
  readonly part: string;
  readonly began: number;
  /** How much was done when it began. */
  readonly from: number;
  /** Seconds until its end, rounded; null while too little is known. */
  readonly left: number | null;
}

/** Before this much time and this share of the part, its pace is a guess. */
const LEAST_MS = 3000;
const LEAST_SHARE = 0.05;
/** Beyond this the estimate was wrong, and a longer time is said; below, what is said only falls. */
const WRONG_BY = 1.5;

/** In fives up to half a minute, in tens up to two minutes, then in whole minutes. */
function rounded(seconds: number): number {
  const step = seconds <= 30 ? 5 : seconds <= 120 ? 10 : 60;
  return Math.max(step, Math.round(seconds / step) * step);
}

function secondsLeft({ began, from }: Watch, { done, total }: JobState, now: number): number | null {
  const [elapsed, progress] = [now - began, done - from];
  if (elapsed < LEAST_MS || progress < LEAST_SHARE * (total - from)) return null;
  return (elapsed * (total - done)) / progress / 1000;
}

/**
 * Follows a job from one message of its progress to the next; `now` in milliseconds. Each part of a job (its phase and how
 * much that has to do) is timed by itself, from its own pace: nothing is said of parts that have not begun.
 */
export function watchProgress(before: Watch | null, job: JobState | null, now: number): Watch | null {
  if (job === null || job.total <= 1) return null;
  const part = `${job.step} ${job.phase} ${job.total}`;
  // A count that falls is the same part over again, as of the next method.
  if (before === null || before.part !== part || job.done < before.from)
    return { part, began: now, from: job.done, left: null };
  const seconds = secondsLeft(before, job, now);
  if (seconds === null) return before;
  const left = rounded(seconds);
  const isCalm = before.left === null || left < before.left || seconds > WRONG_BY * before.left;
  return isCalm && left !== before.left ? { ...before, left } : before;
}

/** `about 40 s left`, `about 3 min left`; empty while nothing is known. */
export function leftWords(watch: Watch | null): string {
  if (watch === null || watch.left === null) return '';
  return `about ${durationWords(watch.left)} left`;
}

/** A rough time: `5 s`, `90 s`, `3 min`. */
const durationWords = (seconds: number): string =>
  seconds <= 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
