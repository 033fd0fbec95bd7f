import type { DataPurpose } from '../../../src/index';

/** How files came: chosen as a model, dropped on the window, or chosen as data. */
export type ArrivalWay = 'model' | 'dropped' | DataPurpose;

/** Files on their way into the studio, from the drop until what they became is saved. */
export interface Arrival {
  readonly id: string;
  readonly names: readonly string[];
  readonly way: ArrivalWay;
}

/** An arrival that ended with the page. */
export interface InterruptedArrival extends Arrival {
  /** The files as the browser kept them; null where it had not got so far, or had no room. */
  readonly files: readonly File[] | null;
}

export interface ArrivalSlice {
  readonly arrivals: readonly Arrival[];
  /** Those of the page that was here before, to be opened again. */
  readonly interruptedArrivals: readonly InterruptedArrival[];

  /** Opens files by `open`; they are kept until what they became is saved. */
  arrive(files: readonly File[], way: ArrivalWay, open: () => Promise<void>): Promise<void>;
  /** Opens files again that were being opened when the page went. */
  openAgain(id: string): Promise<void>;
  leaveArrival(id: string): void;
}
