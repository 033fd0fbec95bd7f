import type { Settings } from '../settings';
import type { Work } from '../studioView';

/** The work on a model at one moment, with the settings that it follows. Nothing in it ever changes. */
export interface State {
  readonly work: Work;
  readonly settings: Settings;
}

/** More are not kept, whoever still asks for them. */
const STATE_LIMIT = 200;

/**
 * States by number, to come back to: they share whatever did not change between them. The newest is the state of now.
 */
export class States {
  private readonly states = new Map<number, State>();
  private last = 0;

  /** The state's number: the one that it has, or a new one. */
  numberOf(state: State): number {
    for (const [number, known] of this.states) if (isSame(known, state)) return number;
    this.last += 1;
    this.put(this.last, state);
    return this.last;
  }

  get(number: number): State | undefined {
    return this.states.get(number);
  }

  /** Takes over a state under the number that it had. */
  put(number: number, state: State): void {
    this.states.set(number, state);
    this.last = Math.max(this.last, number);
    const [oldest] = this.states.keys();
    if (this.states.size > STATE_LIMIT && oldest !== undefined) this.states.delete(oldest);
  }

  /** Lets go of all states but these. */
  keepOnly(numbers: readonly number[]): void {
    for (const number of this.states.keys()) if (!numbers.includes(number)) this.states.delete(number);
  }

  clear(): void {
    this.states.clear();
  }
}

const isSame = (one: State, other: State): boolean =>
  one.work === other.work &&
  (one.settings === other.settings || JSON.stringify(one.settings) === JSON.stringify(other.settings));
