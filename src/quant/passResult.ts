import type { Change } from '../graph/change';
import type { Model } from '../graph/model';

/** What every pass returns: the new model and the list of its single rewrites. */
export interface PassResult<M extends Model> {
  readonly model: M;
  readonly changes: readonly Change[];
}
