import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { OnnxOrigin } from './onnx/origin';

/** What a model file gives: the model, and for ONNX what its exporter needs to patch the original file. */
export interface OpenedModel {
  readonly model: Model;
  readonly format: 'fx' | 'onnx' | 'pt' | 'pt2' | 'tfjs';
  readonly onnx: OnnxOrigin | null;
  /** Remarks for the user: converted element types, ignored metadata. */
  readonly notes: readonly string[];
  /** The modules around nodes, outermost first, where the file says more than the targets of modules do. */
  readonly paths?: Readonly<Record<NodeName, readonly string[]>>;
  /** Names of files that came along and that the model does not name. */
  readonly unused?: readonly string[];
}
