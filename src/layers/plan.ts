/*
 * A chain of layers as a user puts it together from the tensors of a file: plain data, which the page edits and sends
 * back whole.
 */

export const ACTIVATIONS = [
  'none',
  'relu',
  'gelu',
  'silu',
  'tanh',
  'sigmoid',
  'leaky_relu',
  'elu',
  'relu6',
  'softmax',
] as const;
/** What stands behind a layer; `softmax` is over the last axis. */
export type Activation = (typeof ACTIVATIONS)[number];

export const POOLINGS = ['none', 'max', 'avg', 'global'] as const;
/** `max` and `avg` have windows of `poolSize` side by side; `global` averages all positions of a channel. */
export type Pooling = (typeof POOLINGS)[number];

export interface PlannedLayer {
  /** The module's path in the state dict: `features.0`. */
  readonly module: string;
  readonly included: boolean;
  /** Of a convolution, along every dimension. */
  readonly stride: number;
  readonly padding: number;
  readonly activation: Activation;
  readonly pooling: Pooling;
  readonly poolSize: number;
}

export interface LayersPlan {
  /** Sizes of one sample, without the batch: `[3, 32, 32]`. */
  readonly input: readonly number[];
  /** In the order in which they run. */
  readonly layers: readonly PlannedLayer[];
}

/** What the tensors of a module show it to be. Widths: what it reads and gives along its channels or features. */
export type FoundLayer = {
  readonly module: string;
  readonly weight: readonly number[];
  readonly hasBias: boolean;
} & (
  | { readonly kind: 'linear' | 'embedding'; readonly reads: number; readonly gives: number }
  | {
      readonly kind: 'conv';
      /** Channels of one group. */
      readonly reads: number;
      readonly gives: number;
      readonly kernel: readonly number[];
    }
  | { readonly kind: 'batch_norm' | 'layer_norm' | 'prelu'; readonly reads: number; readonly gives: number }
);

/** A tensor that no layer of the chain has, and why. */
export interface LeftOutTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly reason: string;
}

/** How a layer fits where it stands. */
export interface LayerFit {
  readonly module: string;
  /** One sample behind the layer with its activation and pooling; null where that is not known. */
  readonly shape: readonly number[] | null;
  /** What does not fit, as a sentence; null where all does. */
  readonly problem: string | null;
  /** A flatten goes in front. */
  readonly flattens: boolean;
}

export interface PlanCheck {
  readonly fits: readonly LayerFit[];
  /** What keeps a model from being built of the plan; null where nothing does. */
  readonly problem: string | null;
}
