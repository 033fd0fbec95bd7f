import type { FoundLayer, LayerFit, LayersPlan, PlanCheck, PlannedLayer } from './plan';

type Sample = readonly number[];
type Step = { readonly shape: Sample; readonly flattens?: boolean } | { readonly problem: string };

const text = (shape: Sample): string => `[${shape.join(', ')}]`;
const product = (shape: Sample): number => shape.reduce((size, dim) => size * dim, 1);

/** How many groups a convolution has where so many channels come in; null when they do not come out even. */
export function groupsOf(layer: FoundLayer, channels: number): number | null {
  const groups = channels / layer.reads;
  return Number.isInteger(groups) && groups > 0 && layer.gives % groups === 0 ? groups : null;
}

function throughLinear(layer: FoundLayer, shape: Sample, says: (what: string) => string): Step {
  if (shape.length > 1 && product(shape) === layer.reads) return { shape: [layer.gives], flattens: true };
  if (shape.at(-1) === layer.reads) return { shape: [...shape.slice(0, -1), layer.gives] };
  const flat = shape.length > 1 ? `, ${product(shape)} flattened` : '';
  return { problem: says(`reads ${layer.reads}`) + flat };
}

function throughConv(
  layer: FoundLayer & { readonly kind: 'conv' },
  { stride, padding }: PlannedLayer,
  shape: Sample,
  says: (what: string) => string,
): Step {
  const { kernel, reads, gives, module } = layer;
  if (shape.length !== kernel.length + 1)
    return {
      problem: says(
        `reads channels and ${kernel.length === 1 ? 'one dimension' : `${kernel.length} dimensions`}`,
      ),
    };
  const [channels = 0, ...sizes] = shape;
  if (groupsOf(layer, channels) === null) return { problem: says(`reads ${reads} channels`) };
  const out = sizes.map((size, i) => Math.floor((size + 2 * padding - (kernel[i] ?? 1)) / stride) + 1);
  if (out.some((size) => size < 1))
    return {
      problem: `${module} has a kernel of ${text(kernel)}, and ${text(sizes)} with padding ${padding} is smaller`,
    };
  return { shape: [gives, ...out] };
}

function throughLayer(
  layer: FoundLayer,
  planned: PlannedLayer,
  shape: Sample,
  says: (what: string) => string,
): Step {
  const { reads, gives } = layer;
  switch (layer.kind) {
    case 'linear':
      return throughLinear(layer, shape, says);
    case 'conv':
      return throughConv(layer, planned, shape, says);
    case 'embedding':
      return shape.length === 1
        ? { shape: [...shape, gives] }
        : { problem: says('reads one row of token numbers') };
    case 'batch_norm':
      return shape.length <= 4 && shape[0] === reads
        ? { shape }
        : { problem: says(`reads ${reads} channels`) };
    case 'prelu':
      return reads === 1 || shape[0] === reads ? { shape } : { problem: says(`reads ${reads} channels`) };
    case 'layer_norm':
      return shape.at(-1) === reads ? { shape } : { problem: says(`reads ${reads} along its last axis`) };
    default:
      return layer satisfies never;
  }
}

function throughPooling({ pooling, poolSize, module }: PlannedLayer, shape: Sample): Step {
  if (pooling === 'none') return { shape };
  const [channels = 0, ...sizes] = shape;
  if (sizes.length === 0 || sizes.length > 3)
    return { problem: `${module} gives ${text(shape)}; pooling needs channels and one to three dimensions` };
  if (pooling === 'global') return { shape: [channels, ...sizes.map(() => 1)] };
  const out = sizes.map((size) => Math.floor(size / poolSize));
  return out.every((size) => size >= 1)
    ? { shape: [channels, ...out] }
    : { problem: `pooling by ${poolSize} behind ${module} takes more than the ${text(sizes)} that is there` };
}

const isWhole = (value: number, from: number): boolean =>
  Number.isInteger(value) && value >= from && value <= 100_000;

/** What numbers of a layer no layer can have. */
function badNumber({ module, stride, padding, poolSize }: PlannedLayer): string | null {
  if (!isWhole(stride, 1)) return `the stride of ${module} must be a whole number of 1 or more`;
  if (!isWhole(padding, 0)) return `the padding of ${module} must be a whole number of 0 or more`;
  return isWhole(poolSize, 1) ? null : `the pooling behind ${module} needs a whole number of 1 or more`;
}

/**
 * Follows one sample through the plan and says of every layer what comes out of it, or what does not fit. Behind a layer
 * that does not fit nothing is known, so only the first such layer is named.
 */
export function checkPlan(plan: LayersPlan, found: readonly FoundLayer[]): PlanCheck {
  const byModule = new Map(found.map((layer) => [layer.module, layer]));
  const isInput = plan.input.length > 0 && plan.input.every((size) => isWhole(size, 1));
  let shape: Sample | null = isInput ? plan.input : null;
  let before = 'the input';
  const fits = plan.layers.map((planned): LayerFit => {
    const layer = byModule.get(planned.module);
    const none = { module: planned.module, shape: null, problem: null, flattens: false };
    if (!planned.included || !layer || shape === null) return none;
    const came = shape;
    const says = (what: string) => `${planned.module} ${what}, ${before} gives ${text(came)}`;
    const wrong = badNumber(planned);
    const step: Step = wrong === null ? throughLayer(layer, planned, came, says) : { problem: wrong };
    const pooled: Step = 'problem' in step ? step : throughPooling(planned, step.shape);
    before = planned.module;
    shape = 'problem' in pooled ? null : pooled.shape;
    if ('problem' in pooled) return { ...none, problem: pooled.problem };
    return { ...none, shape: pooled.shape, flattens: 'flattens' in step && step.flattens === true };
  });
  return { fits, problem: problemOf(plan, isInput, fits) };
}

function problemOf(plan: LayersPlan, isInput: boolean, fits: readonly LayerFit[]): string | null {
  if (!isInput) return 'The shape of a sample needs whole numbers of 1 or more, as in 3, 32, 32.';
  if (!plan.layers.some(({ included }) => included)) return 'No layer is chosen.';
  const first = fits.find(({ problem }) => problem !== null)?.problem ?? null;
  return first === null ? null : `${first}.`;
}
