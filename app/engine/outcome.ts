import type { BackendView, DeviceMove, LayersProposalView } from '../../src/index';

/** Called as a job advances: `phase` names the work (`Calibrate`), `done` of `total` is its share. */
export type ProgressListener = (phase: string, done: number, total: number) => void;

/**
 * The work goes on on another backend, or begins again for want of memory on the same one: since the GPU was lost, ran out of
 * memory or refused it, or since the planned one did not open; or (`idle`) the GPU was lost while nothing ran, and the next work
 * says where it goes on.
 */
export interface BackendMove extends Pick<DeviceMove, 'kind' | 'reason'> {
  readonly backend: BackendView;
}
export type MoveListener = (move: BackendMove) => void;

/** An error as it crosses the worker's border: its class, its message, and the node at fault where there is one. */
export interface EngineFailure {
  readonly kind: 'format' | 'graph' | 'unsupported' | 'device' | 'storage' | 'cancelled' | 'internal';
  readonly message: string;
  readonly node: string | null;
  /** Files that the model names and that did not come along: with them, the same files open. */
  readonly missing?: readonly string[];
  /** The file holds weights and no graph: a chain of layers that may be made of it. */
  readonly layers?: LayersProposalView;
}
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: EngineFailure };
