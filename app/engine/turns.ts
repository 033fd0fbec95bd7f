import { GraphError } from '../../src/index';
import { Cancelled } from './failure';

type Work<T> = (signal: AbortSignal) => Promise<T>;

/** One job at a time: what changes the work must not overlap with another change of it. */
export class Turn {
  private running: AbortController | null = null;

  /** Runs a job that can be cancelled; refuses while another one runs. */
  async take<T>(work: Work<T>): Promise<T> {
    if (this.running) throw new GraphError('Another job is still running: wait for it, or cancel it.');
    const controller = new AbortController();
    this.running = controller;
    try {
      return await work(controller.signal);
    } finally {
      this.running = null;
    }
  }

  cancel(): void {
    this.running?.abort(new Cancelled());
  }
}

/** Beside the jobs, since it changes nothing: a new request ends the one before it. */
export class Newest {
  private running: AbortController | null = null;

  async take<T>(work: Work<T>): Promise<T> {
    this.cancel();
    const controller = new AbortController();
    this.running = controller;
    try {
      return await work(controller.signal);
    } finally {
      if (this.running === controller) this.running = null;
    }
  }

  cancel(): void {
    this.running?.abort(new Cancelled());
  }
}
