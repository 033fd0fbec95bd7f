import type { Batch } from '../../exec/batches';
import { countRows } from '../../exec/countRows';
import type { Job } from '../../exec/job';
import { type CountGrid, countValues, type ValueCounts } from '../../exec/valueCounts';
import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import { asFloat } from '../../graph/tensor';
import { type ObservedModel, observerQParams, observerState } from '../../quant/observer';
import { weightObserverOf } from '../../quant/qconfigMapping';
import { weightQParams } from '../../quant/quantizeWeight';
import { QUANTIZED_RANGE } from '../../quant/spec';
import { layerNodes } from '../../quant/weightUse';
import type { CountedValues } from './plotViews';

/** Counts what an observer of the model sees, on its grid; null where the model has no such node. */
export async function countObserved(
  model: ObservedModel,
  name: NodeName,
  batches: readonly Batch[],
  job: Job,
): Promise<CountedValues | null> {
  const node = new GraphIndex(model.graph).find(name);
  if (!node) return null;
  const observer = node.op === 'call_module' ? observerState(model, node.target) : undefined;
  const grid: CountGrid | null = observer
    ? {
        qparams: [observerQParams(observer)],
        quantMin: observer.spec.quantMin,
        quantMax: observer.spec.quantMax,
      }
    : null;
  return counted(await countValues(model, name, grid, batches, job), grid);
}

const counted = (counts: ValueCounts, grid: CountGrid | null): CountedValues => {
  const [first, ...others] = grid?.qparams ?? [];
  const qparams = first && others.length === 0 ? first : null;
  return { counts, grid: grid && { quantMin: grid.quantMin, quantMax: grid.quantMax, qparams } };
};

/** Counts a layer's weight, on the grid that `convert` gives it. */
export async function countWeight(
  model: ObservedModel,
  name: NodeName,
  job: Job,
): Promise<CountedValues | null> {
  const layer = layerNodes(model).find(({ node }) => node.name === name);
  if (!layer) return null;
  const weight = asFloat(model.params[layer.call.attrs.weight], layer.call.attrs.weight);
  const observer = weightObserverOf(model.qconfigs, model, layer.node);
  const grid = observer && {
    qparams: weightQParams(weight, observer),
    // PyTorch quantizes a weight to all integers of its type, whatever its observer's range.
    quantMin: QUANTIZED_RANGE[observer.spec.dtype][0],
    quantMax: QUANTIZED_RANGE[observer.spec.dtype][1],
  };
  return counted(await countRows(weight, grid, name, job), grid);
}
