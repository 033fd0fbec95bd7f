import type { Graph } from './graph';
import type { ModuleName, NodeName, ParamName } from './ids';
import type { Shape } from './shape';
import { type DType, sizeOf, type Tensor } from './tensor';

/** A plain constructor attribute of a module, as FORMATS' FX model file stores it. */
export type Attribute = number | string | boolean | null | readonly Attribute[];

/** A module that a `call_module` node names: its public type (`torch.nn.Linear`) and constructor attributes. */
export interface ModuleSpec {
  readonly type: string;
  readonly attrs: Readonly<Record<string, Attribute>>;
}

/** A network: its graph, its modules, its constants. Every pass takes one and returns a new one. */
export interface Model {
  readonly name: string;
  readonly graph: Graph;
  readonly modules: Readonly<Record<ModuleName, ModuleSpec>>;
  readonly params: Readonly<Record<ParamName, Tensor>>;
  /** Tensors outside of modules that are `nn.Parameter`; all others there are buffers. PyTorch treats the two differently. */
  readonly parameters?: readonly ParamName[];
  /** Groups of tensors that are one in the module that the file was made of: they have to stay equal. */
  readonly tied?: readonly (readonly ParamName[])[];
  /** Shapes of the placeholders where the file states them; a PyTorch file does not. */
  readonly inputShapes: Readonly<Record<NodeName, Shape>>;
  /** Element types of the placeholders where the file states them; float32 where it does not. */
  readonly inputTypes?: Readonly<Record<NodeName, DType>>;
  /** Whose grids the sums and products of quantized values with a number have, see `outputGrids`; ours where absent. */
  readonly scalarGrids?: 'pytorch';
  /** Whether the rounding errors of float32 sums decide an average halfway between two levels, as in PyTorch; absent: it is even. */
  readonly halves?: 'float32';
}

/** Number of elements of all floating-point constants. */
export const parameterCount = (model: Model): number =>
  Object.values<Tensor>(model.params).reduce(
    (sum, t) => sum + (t.dtype === 'float32' ? sizeOf(t.shape) : 0),
    0,
  );
