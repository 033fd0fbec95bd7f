import type { Studio, StudioStore } from '../studio';

/** A part of the page, with what it draws of the store. */
export interface DrawnPart {
  readonly id: string;
  /** Parts are drawn in the order of these. */
  readonly turn: number;
  /** The store as the part last saw it. */
  readonly drawn: StudioStore;
}

/** Which parts, by their ids, are to see a change of the store at once; the others see it in their turns. */
export type Watchers = 'all' | 'none' | ((id: string) => boolean);

/** Calls back in a task of its own. */
export type Later = (run: () => void) => void;

/** One way through the parts: all of them see the same state. */
interface Round {
  readonly state: Studio;
  /** Those that are still to be drawn, in their order. */
  readonly parts: readonly DrawnPart[];
}

/**
 * Passes the store's changes on to the parts of the page, one part a task: an answer of the engine changes nearly all that
 * is in sight, and React draws what it is told of at once in one task. Changes that come during a round make one more, so
 * that no stream of them keeps a part from its turn.
 */
export class Turns {
  readonly #parts = new Set<DrawnPart>();
  #round: Round | null = null;
  /** Those that have missed something since the round began. */
  readonly #behind = new Set<DrawnPart>();
  #isTaskComing = false;
  #leave: (() => void) | null = null;

  constructor(
    private readonly store: StudioStore,
    private readonly watchers: () => Watchers,
    private readonly later: Later,
  ) {}

  /** From now on the part sees the store; gives what ends that. */
  add(part: DrawnPart): () => void {
    this.#parts.add(part);
    this.#showNow(part);
    this.#leave ??= this.store.subscribe(() => this.#tell());
    return () => {
      this.#parts.delete(part);
      this.#forget(part);
      if (this.#parts.size > 0) return;
      this.#leave?.();
      this.#leave = null;
    };
  }

  #forget(part: DrawnPart): void {
    this.#behind.delete(part);
    if (this.#round === null) return;
    const parts = this.#round.parts.filter((other) => other !== part);
    this.#round = parts.length === 0 ? null : { ...this.#round, parts };
  }

  #showNow(part: DrawnPart): void {
    // An older state would take back what it sees from now on.
    this.#forget(part);
    const now = this.store.getState();
    if (part.drawn.getState() !== now) part.drawn.setState(now, true);
  }

  #tell(): void {
    const watchers = this.watchers();
    const parts = [...this.#parts];
    // What is pressed outside of all parts, such as a dialog, may concern any of them.
    const isWatched = ({ id }: DrawnPart) => typeof watchers === 'function' && watchers(id);
    const areAll = watchers === 'all' || (watchers !== 'none' && !parts.some(isWatched));
    for (const part of parts)
      if (areAll || isWatched(part)) this.#showNow(part);
      else this.#behind.add(part);
    this.#come();
  }

  #come(): void {
    if (this.#isTaskComing || (this.#round === null && this.#behind.size === 0)) return;
    this.#isTaskComing = true;
    this.later(() => {
      this.#isTaskComing = false;
      try {
        this.#showNext();
      } finally {
        // A part that fails takes no other one's turn.
        this.#come();
      }
    });
  }

  #showNext(): void {
    if (this.#round === null && this.#behind.size > 0) {
      const parts = [...this.#behind].toSorted((one, other) => one.turn - other.turn);
      this.#round = { state: this.store.getState(), parts };
      this.#behind.clear();
    }
    if (this.#round === null) return;
    const { state, parts } = this.#round;
    const [next, ...rest] = parts;
    this.#round = rest.length === 0 ? null : { state, parts: rest };
    next?.drawn.setState(state, true);
  }
}
