import type { Batch } from '../../exec/batches';
import type { Job } from '../../exec/job';
import { GraphError } from '../../graph/errors';
import { nodeName } from '../../graph/ids';
import type { StepName } from '../settings';
import { keepThrough } from '../snapshotSteps';
import type { CalibrateSnapshot, EqualizeSnapshot, Snapshots } from '../snapshots';
import { countObserved, countWeight } from './countTensor';
import type { CountedValues, TensorsView, TensorView, ValueHistogram } from './plotViews';
import { NOT_CALIBRATED, NOT_OBSERVED, type ObservedTensor, observedTensors } from './valueTensors';

type Counted = CalibrateSnapshot | EqualizeSnapshot;

const keyOf = ({ node, role }: ObservedTensor): string => (role === 'weight' ? `weight of ${node}` : node);

/**
 * Histograms of tensors' values, counted when they are asked for and kept as long as the snapshots they are of: a
 * snapshot belongs to one model and one set of calibration data.
 */
export class ValueHistograms {
  private readonly known = new WeakMap<Counted, Map<string, CountedValues | null>>();

  /** The tensors about a node at a step, with what has been counted of them. */
  tensors(snapshots: Snapshots, step: StepName, node: string): TensorsView {
    const shown = keepThrough(snapshots, step);
    const found = observedTensors(shown, node);
    const { calibrate } = shown;
    if (!calibrate) return { tensors: [], reason: NOT_CALIBRATED };
    const tensors = found.map(
      (tensor): TensorView => ({ ...tensor, histogram: this.histogram(shown, tensor) }),
    );
    return { tensors, reason: tensors.length === 0 ? NOT_OBSERVED : null };
  }

  private histogram({ calibrate, equalize }: Snapshots, tensor: ObservedTensor): ValueHistogram | null {
    const before = calibrate && this.known.get(calibrate)?.get(keyOf(tensor));
    const after = equalize ? this.known.get(equalize)?.get(keyOf(tensor)) : null;
    return before && after !== undefined ? { before, after } : null;
  }

  /** Counts a tensor's values before equalization and, where it has run by that step, after. */
  async count(
    snapshots: Snapshots,
    step: StepName,
    { node, role }: Pick<TensorView, 'node' | 'role'>,
    batches: readonly Batch[],
    job: Job,
  ): Promise<ValueHistogram> {
    const { calibrate, equalize } = keepThrough(snapshots, step);
    if (!calibrate) throw new GraphError(NOT_CALIBRATED, node);
    const tensor = { node: nodeName(node), role };
    const parts = equalize ? 2 : 1;
    const part = (at: number): Job => ({
      signal: job.signal,
      progress: (phase, done, total) => job.progress(phase, at * total + done, parts * total),
    });
    const before = await this.at(calibrate, tensor, batches, part(0));
    if (!before) throw new GraphError(`The calibrated graph has no tensor '${node}'.`, node);
    return { before, after: equalize ? await this.at(equalize, tensor, batches, part(1)) : null };
  }

  private async at(
    snapshot: Counted,
    tensor: ObservedTensor,
    batches: readonly Batch[],
    job: Job,
  ): Promise<CountedValues | null> {
    const ofSnapshot = this.known.get(snapshot) ?? new Map<string, CountedValues | null>();
    const key = keyOf(tensor);
    const known = ofSnapshot.get(key);
    if (known !== undefined) return known;
    const { model } = snapshot;
    const counted =
      tensor.role === 'weight'
        ? await countWeight(model, tensor.node, job)
        : await countObserved(model, tensor.node, batches, job);
    ofSnapshot.set(key, counted);
    this.known.set(snapshot, ofSnapshot);
    return counted;
  }
}
