import type { Model } from '../graph/model';
import type { OnnxOrigin } from './onnx/origin';

/** What a model file gives: the model, and for ONNX what its exporter needs to patch the original file. */
export interface OpenedModel {
  readonly model: Model;
  readonly format: 'fx' | 'onnx' | 'pt' | 'pt2' | 'tfjs';
  readonly onnx: OnnxOrigin | null;
  /** Remarks for the user: converted element types, ignored metadata. */
  readonly notes: readonly string[];
  /** Names of files that came along and that the model does not name. */
  readonly unused?: readonly string[];
}
