/*
 * Work in chunks that several threads take one by one, so that one which comes late or is interrupted takes fewer. They
 * speak through integers in shared memory alone:
 *
 *   the owner    closes the list (next = CLOSED), waits until nobody is in it, writes the job, opens it (next = 0), wakes all,
 *                takes chunks like every other, and waits until all are done
 *   a helper     sleeps until there is a new generation, enters, takes chunks until there are none, leaves
 *
 * A helper that enters late finds either the closed list or a whole job, never half of one.
 */

/** Numbers of a job. */
const JOB_SIZE = 8;
/** Code units of a reason, one a number: what is longer is cut. */
const REASON_SIZE = 256;
/** Where each number stands. `helped`: how many chunks helpers have taken, in all jobs. */
const AT = {
  generation: 0,
  next: 1,
  done: 2,
  inside: 3,
  chunks: 4,
  failed: 5,
  ready: 6,
  helped: 7,
  job: 8,
  reasonLength: 8 + JOB_SIZE,
  reason: 9 + JOB_SIZE,
} as const;
const CLOSED = 2 ** 30;

/** A job is numbers; what they mean is between the owner and the work. */
export type ChunkWork = (job: Int32Array, chunk: number) => void;

export const makeControl = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(4 * (AT.reason + REASON_SIZE)));

const jobOf = (control: Int32Array): Int32Array => control.subarray(AT.job, AT.job + JOB_SIZE);

/** Of several chunks that fail the first tells why. */
function noteFailure(control: Int32Array, chunk: number, error: unknown): void {
  if (Atomics.compareExchange(control, AT.failed, 0, chunk + 1) !== 0) return;
  const reason = String(error);
  const told = reason.length > REASON_SIZE ? `${reason.slice(0, REASON_SIZE - 1)}…` : reason;
  Atomics.store(control, AT.reasonLength, told.length);
  for (let i = 0; i < told.length; i++) Atomics.store(control, AT.reason + i, told.charCodeAt(i));
}

function reasonOf(control: Int32Array): string {
  const length = Atomics.load(control, AT.reasonLength);
  return String.fromCharCode(...control.slice(AT.reason, AT.reason + length));
}

/** `onTaken` hears of every chunk before its work. */
function takeChunks(control: Int32Array, work: ChunkWork, onTaken: () => void): void {
  for (;;) {
    const chunk = Atomics.add(control, AT.next, 1);
    const count = Atomics.load(control, AT.chunks);
    if (chunk >= count) return;
    onTaken();
    try {
      work(jobOf(control), chunk);
    } catch (error) {
      // The owner tells when all are done: until then somebody writes into the same memory.
      noteFailure(control, chunk, error);
    } finally {
      if (Atomics.add(control, AT.done, 1) + 1 === count) Atomics.notify(control, AT.done);
    }
  }
}

/** What a helper does, for ever: its thread sleeps in between and ends when it is terminated. */
export function helpWithChunks(control: Int32Array, work: ChunkWork): never {
  Atomics.add(control, AT.ready, 1);
  for (let seen = 0; ; ) {
    Atomics.wait(control, AT.generation, seen);
    seen = Atomics.load(control, AT.generation);
    Atomics.add(control, AT.inside, 1);
    try {
      takeChunks(control, work, () => Atomics.add(control, AT.helped, 1));
    } finally {
      Atomics.sub(control, AT.inside, 1);
    }
  }
}

/** How many helpers have come up. */
export const helpersReady = (control: Int32Array): number => Atomics.load(control, AT.ready);

/** How many chunks helpers have taken, of all jobs so far. */
export const chunksHelped = (control: Int32Array): number => Atomics.load(control, AT.helped);

/**
 * Does a job of so many chunks, with whatever helpers there are; returns when all are done. Throws where one failed, in whatever
 * thread, with that chunk's reason.
 */
export function doInChunks(
  control: Int32Array,
  job: readonly number[],
  chunks: number,
  work: ChunkWork,
): void {
  Atomics.store(control, AT.next, CLOSED);
  while (Atomics.load(control, AT.inside) > 0);
  jobOf(control).set(job);
  Atomics.store(control, AT.done, 0);
  Atomics.store(control, AT.failed, 0);
  Atomics.store(control, AT.chunks, chunks);
  Atomics.store(control, AT.next, 0);
  Atomics.add(control, AT.generation, 1);
  Atomics.notify(control, AT.generation);
  takeChunks(control, work, () => {});
  for (let turns = 0; ; turns++) {
    const done = Atomics.load(control, AT.done);
    if (done === chunks) break;
    if (turns > SPINS && mayWait) Atomics.wait(control, AT.done, done, 1);
  }
  const failed = Atomics.load(control, AT.failed);
  if (failed !== 0)
    throw new Error(`internal: a thread failed at chunk ${failed} of ${chunks}: ${reasonOf(control)}`);
}

/** Some ten microseconds; then the thread that is waited for may need this one's core. */
const SPINS = 2000;

/** A page's own thread must not wait. */
const mayWait = typeof document === 'undefined';
