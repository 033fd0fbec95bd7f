import type { ModuleName, NodeName } from '../../graph/ids';
import type { ByteSource } from '../byteSource';
import type { Companions } from '../companions';
import type { ConstantKind } from './reader/constants';

/** Where a Linear of the IR came from in the ONNX file: a Gemm, or a MatMul with or without a following Add. */
export interface LinearOrigin {
  /** Index of the Gemm or MatMul in `graph.node`. */
  readonly nodeIndex: number;
  /** Which input of that node is the activation (0 or 1); the other of the first two is the weight. */
  readonly activationInput: 0 | 1;
  /** The value that the node reads as its weight: an initializer, or a Constant node's (or Identity's) output. */
  readonly weightInitializer: string;
  /** True when the file stores the weight as `[in, out]`, so the IR's `[out, in]` is its transpose. */
  readonly weightTransposed: boolean;
  /** The node that adds the bias (the Gemm itself or the following Add) and which of its inputs is the bias. */
  readonly bias: { readonly nodeIndex: number; readonly input: number; readonly initializer: string } | null;
  /** Gemm's factors; the IR's weight is `alpha · W`, its bias `beta · C`. 1 for MatMul. */
  readonly alpha: number;
  readonly beta: number;
}

/** Where a convolution came from: a Conv or ConvTranspose, whose input 1 is the weight as the IR has it, with or without a following Add. */
export interface ConvOrigin {
  readonly nodeIndex: number;
  readonly weight: string;
  readonly bias: LinearOrigin['bias'];
}

/** Where a normalization of the IR came from: a node whose inputs 1 and 2 are its weight and bias. */
export interface NormOrigin {
  readonly nodeIndex: number;
  readonly weight: string;
  /** Null where the file has none; the IR's is 0 then. */
  readonly bias: string | null;
  /** Of a GroupNormalization that has them by group, how many axes lie behind the channels. */
  readonly axesBehind?: number;
}

/** Where the value of an IR node lives in the ONNX file. */
export interface ValueOrigin {
  readonly value: string;
  /** True for the transposed view that the reader put in front of a Linear (Gemm's transA, MatMul with the constant on the left). */
  readonly transposed: boolean;
  /** ONNX's number of the element type in the file (the IR computes every float type in float32). */
  readonly elementType: number;
}

/** What the ONNX exporter needs to patch the original file. */
export interface OnnxOrigin {
  readonly source: ByteSource;
  /** Where the file's external data is. */
  readonly companions: Companions;
  readonly linears: Readonly<Record<ModuleName, LinearOrigin>>;
  readonly convs: Readonly<Record<ModuleName, ConvOrigin>>;
  readonly norms: Readonly<Record<ModuleName, NormOrigin>>;
  /** Constants that the file computes of others, and that were computed while reading. */
  readonly folded: ReadonlyMap<string, ConstantKind>;
  /** Nodes that only lead from one step of an ONNX op to the next have no entry. Placeholders have the file's input name. */
  readonly values: Readonly<Record<NodeName, ValueOrigin>>;
  /** Index in `graph.node` of the ONNX node that an IR node came from; inputs and constants have no entry. */
  readonly nodes: Readonly<Record<NodeName, number>>;
}
