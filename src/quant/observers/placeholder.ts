/**
 * `PlaceholderObserver`: says of a dtype that it is not quantized (float32), and observes nothing. As an activation
 * it leaves the op in float, as a weight (LayerNorm's) the weight.
 */
export interface PlaceholderConfig {
  readonly kind: 'placeholder';
  readonly dtype: 'torch.float32' | 'torch.float16';
}

export const placeholder = (dtype: PlaceholderConfig['dtype'] = 'torch.float32'): PlaceholderConfig => ({
  kind: 'placeholder',
  dtype,
});
