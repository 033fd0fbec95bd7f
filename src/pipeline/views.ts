import type { FilePart } from '../formats/byteSource';
import type { Change } from '../graph/change';
import type { ComparisonOutcome } from './comparisonView';
import type { RuntimeCheckView } from './onnxRuntime/runtimeView';
import type { StepName } from './settings';

/*
 * What the engine tells the page: plain data without tensors, ready to be cloned between threads and drawn.
 */

/** The part a node plays, for its colour and icon. */
export type NodeRole =
  | 'input'
  | 'output'
  | 'param'
  | 'layer'
  | 'op'
  | 'observer'
  | 'equalization'
  | 'quantize';
/** What the step did to a node, compared with the step before. */
export type NodeChange = 'added' | 'removed' | 'changed' | 'same';

export interface NodeView {
  readonly name: string;
  readonly opcode: string;
  readonly role: NodeRole;
  /** Short type: `Linear`, `MinMaxObserver`, `torch.mul`, `placeholder`. */
  readonly type: string;
  /** One line under the name: `64 → 128`, `[0, 16]`, `64 columns`. May be empty. */
  readonly detail: string;
  /** `[n, 64]`, or empty where not known. */
  readonly shape: string;
  /** FX's text of the node, as in `graph.text`. */
  readonly line: string;
  readonly change: NodeChange;
}

export interface EdgeView {
  readonly from: string;
  readonly to: string;
}

export interface GraphView {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
  /** The whole graph in FX's text form. */
  readonly text: string;
}

/** PyTorch's two forms of a quantized model: quantize, dequantize, float op; or quantized modules and functions. */
export type Form = 'reference' | 'lowered';

/** What can be shown of a step in more than one form. */
export interface FormView {
  readonly changes: readonly Change[];
  readonly graph: GraphView;
}

/** The forms of convert's model, and why one of them is missing. */
export interface FormViews {
  readonly reference: FormView;
  readonly lowered: FormView | null;
  readonly error: { readonly message: string; readonly node: string | null } | null;
}

export interface StepView {
  readonly step: StepName;
  readonly ms: number;
  /** One line under the step's name: `2 folded, 1 mul; float error 3.1e-7`. */
  readonly summary: string;
  /** A remark that the user must see: a failed check, PyTorch's defect, non-finite data. */
  readonly warning: string | null;
  /** True when the step's own check failed (float error above 1e-4 in exact semantics). */
  readonly failed: boolean;
  /** True of equalize when its float model computes something else than the one that was loaded. */
  readonly functionChanged: boolean;
  readonly changes: readonly Change[];
  readonly graph: GraphView;
  /** Of convert: `changes` and `graph` are those of one of them, the lowered one where there is one. */
  readonly forms: FormViews | null;
}

export type Decision = 'fold' | 'mul' | 'skip';

export interface Sqnr {
  readonly plain: number | null;
  readonly equalized: number | null;
}

/** One row of the layers table. */
export interface LayerView {
  readonly name: string;
  /** Of its weight, `[out, in / groups, …kernel]`: `64×128`, `8×1×3×3`. */
  readonly shape: string;
  /** The key by which a choice for its type counts: `torch.nn.Linear`, of a fused module that of its first part. */
  readonly type: string;
  /** Whether it is to be equalized. */
  readonly selected: boolean;
  /** Whether it would be if the settings did not name its node: what its module, its type, the global choice say. */
  readonly selectedUnnamed: boolean;
  /** Null until `equalize` has run. */
  readonly decision: Decision | null;
  readonly reason: string;
  /** What made its scale: `SmoothQuant, α = 0.6`; null where it has none. */
  readonly rule: string | null;
  /** The other layers of its region, which follow the same method. Like `sharesWith` known from `calibrate` on. */
  readonly region: readonly string[];
  /** Those of them that share scales with it. */
  readonly sharesWith: readonly string[];
  /** Largest column range over the smallest non-zero one, before and after equalization; null when not known. */
  readonly inputRatio: readonly [number, number | null] | null;
  readonly weightRatio: readonly [number, number | null] | null;
  /** dB, layer output of the int8 model against the float model. */
  readonly sqnr: Sqnr;
}

/** A type of op that a qconfig can be chosen for. */
export interface TypeView {
  /** Module type, function or method: `torch.nn.Linear`, `torch.add`, `reshape`. */
  readonly type: string;
  /** How many calls of the loaded model have it; 0 of one that only fusion makes, such as nn.ReLU for F.relu. */
  readonly calls: number;
  /** A layer, or fused into layers: then PyTorch wants the layer's type and it to have the same choices. */
  readonly kind: 'layer' | 'fused' | 'other';
}

/** A tensor's column ranges. */
export interface Ranges {
  readonly min: Float32Array;
  readonly max: Float32Array;
}
export interface BeforeAfter {
  readonly before: Ranges;
  readonly after: Ranges | null;
}

/** A scale that the user set, as it reaches a layer. */
export interface ScaleEdit {
  /** The layer's own column. */
  readonly column: number;
  readonly value: number;
  /** Where it was set: at a layer that shares the scale, or at the layer itself; and at which column of that. */
  readonly layer: string;
  readonly at: number;
}

/** Histogram of column ranges (max − min) on a log10 axis, same bins before and after. */
export interface RangeHistogram {
  /** bins + 1 edges, log10 of the range. */
  readonly edges: Float32Array;
  readonly before: Uint32Array;
  readonly after: Uint32Array | null;
  /** Columns of zero or unknown range, which have no place on a log axis. */
  readonly zero: number;
}

/** What the inspector shows of one node at one step. */
export interface NodeDetails {
  readonly name: string;
  readonly step: StepName;
  readonly line: string;
  readonly opcode: string;
  readonly type: string;
  readonly target: string;
  readonly shape: string;
  /** The module's or call's attributes, to be listed. */
  readonly attributes: readonly (readonly [string, string])[];
  readonly inputs: readonly string[];
  readonly users: readonly string[];
  /** Set when the node is a layer. */
  readonly layer: LayerView | null;
  /** Column ranges of the layer's input, or of the observed tensor for an observer. */
  readonly input: BeforeAfter | null;
  readonly inputHistogram: RangeHistogram | null;
  /** Column ranges of the layer's weight. */
  readonly weight: BeforeAfter | null;
  readonly weightHistogram: RangeHistogram | null;
  /** Equalization scale per input column. */
  readonly scale: Float32Array | null;
  /** Of a layer: the scales set by hand that count for it, by column. */
  readonly scaleEdits: readonly ScaleEdit[];
  /** Of a layer: how many columns can be given a scale by hand; null where none can. */
  readonly scaleColumns: number | null;
  /** The observer's per-tensor range and quantization parameters, before and after equalization. */
  readonly observer: {
    readonly before: ObserverView;
    readonly after: ObserverView | null;
  } | null;
}
export interface ObserverView {
  readonly min: number;
  readonly max: number;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** How well the quantized models do. Accuracy is null without labelled evaluation data. */
export interface Results {
  /** dB of the model's output against the float model. */
  readonly sqnr: Sqnr;
  /** Fractions in 0…1. */
  readonly accuracy: { readonly float: number; readonly plain: number; readonly equalized: number } | null;
  /** Float model before and after equalization, on calibration data. */
  readonly verification: { readonly maxAbsError: number; readonly maxRelError: number } | null;
  /** The layers whose output int8 hurts most, without equalization, first; empty until `convert` has run. */
  readonly lowestFirst: readonly LayerSqnr[];
}

/** The SQNR of one layer's output, in dB. */
export interface LayerSqnr {
  readonly name: string;
  readonly sqnr: number;
}

export interface ModelView {
  readonly name: string;
  readonly format: 'fx' | 'onnx' | 'pt' | 'pt2' | 'tfjs';
  readonly parameters: number;
  readonly inputs: readonly { readonly name: string; readonly shape: string }[];
  readonly notes: readonly string[];
  /** Files that came along with the model and that it does not name. */
  readonly unused: readonly string[];
}

export type DataPurpose = 'calibration' | 'evaluation';

export interface DatasetView {
  readonly source: string;
  readonly samples: number;
  readonly labels: boolean;
  /** How the samples came about: arrays of a file, images, or made up. */
  readonly origin: 'arrays' | 'images' | 'generated';
  /** Remarks: images left out. */
  readonly notes: readonly string[];
  /** `x [1797, 64] float32` */
  readonly arrays: readonly string[];
}

export interface BackendView {
  readonly name: 'webgpu' | 'wasm' | 'cpu';
  /** The adapter's name, or why there is none. */
  readonly adapter: string;
  /** The badge's text: `WebGPU · NVIDIA …`, `WASM: no GPU`. */
  readonly label: string;
}

/** All that the page knows of the work; replaced whole after every step. */
export interface StudioView {
  /** Two views of one number show the same work under the same settings; 0 without a model. */
  readonly state: number;
  readonly model: ModelView | null;
  readonly calibration: DatasetView | null;
  readonly evaluation: DatasetView | null;
  /** What the newest data is for. */
  readonly lastData: DataPurpose | null;
  /** Steps that have been run, by name. */
  readonly steps: Readonly<Partial<Record<StepName, StepView>>>;
  readonly layers: readonly LayerView[];
  /** Types that can be given a qconfig, layers first. */
  readonly types: readonly TypeView[];
  readonly results: Results | null;
  /** Where the other semantics would differ; null until `convert` has run. */
  readonly comparison: ComparisonOutcome | null;
  /** The last check of the exports in ONNX Runtime; null without one. */
  readonly onnxRuntime: RuntimeCheckView | null;
}

export const EXPORTS = {
  safetensors: 'Weights (.safetensors)',
  pt: 'Weights (.pt)',
  onnx: 'Model (.onnx)',
  quantized: 'Quantized model (.onnx)',
  text: 'Graph (.txt)',
  report: 'Report (.json)',
} as const;
export type ExportKind = keyof typeof EXPORTS;

/** A file for the user to keep. */
export interface ExportedFile {
  readonly name: string;
  readonly mime: string;
  /** One after the other; ranges of the opened file among them are not read before the file is saved. */
  readonly parts: readonly FilePart[];
}
