import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { OpCall, Operand } from '../graph/op';
import { DeviceError } from '../webgpu/errors';
import { knownLoss } from '../webgpu/queue';
import type { Batch } from './batches';
import { isHeldLong } from './job';
import { computeOp } from './ops';
import type { ComputeOp, ExecContext, Value } from './ops/execRule';
import { takesExtents } from './ops/numericCall';
import { averageToGrid, toGrid } from './ops/quantize';
import { isOutOfMemory, isPastLimits, OutOfMemoryError } from './outOfMemory';
import { ParamStore } from './paramStore';
import { type Plan, planModel, type Step } from './plan';
import { RunSizes } from './sizes';
import { alias, upload } from './values';

/**
 * Sees a node's value while it is alive. To use it later, take an `alias` of it. Constants that no
 * op reads as a value (a functional Linear's weight) are not shown.
 */
export type ValueListener = (node: NodeName, value: tf.Tensor) => void;

/**
 * Runs a model on tfjs' current backend, node by node in graph order. Constants are uploaded once, also for
 * executors that share them, and stay until `dispose` (as `keepConstants` says, longer), those of a model beyond the device's room for one node at a time; every intermediate value is freed after its last reader.
 */
export class Executor {
  private readonly plan: Plan;
  private readonly params: ParamStore;
  private readonly context: ExecContext;

  /**
   * `constantBytes` of constants stay on the device, as many as suit it unless told.
   * Throws an UnsupportedOpError or a GraphError for a model that cannot run. Nothing is uploaded yet.
   */
  constructor(model: Model, constantBytes?: number) {
    this.plan = planModel(model);
    this.params = new ParamStore(model, constantBytes);
    this.context = {
      weight: (name, grid) => this.params.weight(name, grid),
      param: (name) => this.params.get(name),
      derived: (name, form, make, grid) => this.params.derived(name, form, make, grid),
      host: (name) => this.params.float(name),
      constant: (operand) => this.constant(operand),
      constants: (operand) => this.constants(operand),
    };
  }

  /**
   * Runs one batch and returns the output's tensors, which the caller disposes. An error of a node is a GraphError
   * with that node (a DeviceError stays one); whatever the listener throws passes through. Nothing leaks either way.
   */
  run(batch: Batch, onValue?: ValueListener): tf.Tensor[] {
    const nodes = this.nodeByNode(batch, onValue);
    let next = nodes.next();
    while (!next.done) next = nodes.next();
    return next.value;
  }

  /**
   * The same, but where it takes long it calls `pause` between two nodes, with the share of them that is done (0…1), and
   * goes on when that lets it. What `pause` throws passes through.
   */
  async runAtEase(
    batch: Batch,
    pause: (share: number) => Promise<void>,
    onValue?: ValueListener,
  ): Promise<tf.Tensor[]> {
    const nodes = this.nodeByNode(batch, onValue);
    try {
      let next = nodes.next();
      while (!next.done) {
        if (isHeldLong()) await pause(next.value);
        next = nodes.next();
      }
      return next.value;
    } finally {
      // Frees the values of a run that was stopped.
      nodes.return([]);
    }
  }

  /** Yields in front of every node, with the share of them that is done. */
  private *nodeByNode(batch: Batch, onValue?: ValueListener): Generator<number, tf.Tensor[]> {
    const { steps, outputs } = this.plan;
    const values = new Map<NodeName, tf.Tensor>();
    const sizes = new RunSizes();
    try {
      for (const [done, step] of steps.entries()) {
        yield done / steps.length;
        if (step.node.op === 'output') continue;
        const value = this.evaluate(step, { values, sizes }, batch);
        if (value) {
          values.set(step.node.name, value);
          onValue?.(step.node.name, value);
        }
        for (const name of step.release) {
          values.get(name)?.dispose();
          values.delete(name);
        }
        this.params.makeRoom();
      }
      return outputs.map((name) => alias(liveValue(values, name)));
    } finally {
      for (const value of values.values()) value.dispose();
    }
  }

  /** Frees the constants. The executor may run again; it uploads them anew. */
  dispose(): void {
    this.params.dispose();
  }

  /** Null for sizes, which are numbers: they go into the memory. */
  private evaluate(step: Step, memory: RunMemory, batch: Batch): tf.Tensor | null {
    const { node, call } = step;
    try {
      for (const operand of call.operands)
        if (operand.kind === 'shape')
          memory.sizes.noteShape(operand.node, liveValue(memory.values, operand.node).shape);
      switch (call.op) {
        case 'placeholder':
          return inputOf(batch, node.name);
        case 'get_attr':
          return alias(this.params.get(call.attrs.param));
        case 'size':
          memory.sizes.compute(node.name, call, sizedTensor(call, memory.values));
          return null;
        case 'tuple':
          return null;
        case 'output':
          throw new Error('internal: an output computes nothing');
        default:
          return this.compute(step, computed(memory.sizes.withNumbers(call)), memory);
      }
    } catch (error) {
      if (error instanceof DeviceError) throw error;
      const loss = knownLoss();
      if (loss) throw loss;
      const message = error instanceof Error ? error.message : String(error);
      if (isOutOfMemory(error)) throw new OutOfMemoryError(`node '${node.name}' (${call.op}: ${message})`);
      if (isPastLimits(message))
        throw new DeviceError(
          `Node '${node.name}' (${call.op}) is too large for this GPU: ${message} Choose the WASM backend.`,
        );
      throw new GraphError(
        `Node '${node.name}' (${call.op}) failed: ${message}.`.replace(/\.\.$/, '.'),
        node.name,
      );
    }
  }

  private compute<O extends ComputeOp>(
    step: Step,
    call: OpCall<O> & { readonly op: O },
    { values, sizes }: RunMemory,
  ): tf.Tensor {
    const inputs = step.operands.map((operand): Value => {
      switch (operand.kind) {
        case 'number':
          return operand.value;
        case 'size':
          // Where sizes are part of the attributes, these have their numbers by now.
          return takesExtents(call.op) ? 0 : sizes.number(operand.node);
        case 'shape':
          return 0;
        default:
          return liveValue(values, operand.node);
      }
    });
    const { grid, isAverage } = step;
    return tf.tidy(() => {
      const [x] = inputs;
      if (grid && isAverage && call.op === 'quantize_per_tensor' && x instanceof tf.Tensor)
        return averageToGrid(x, grid);
      const value = computeOp(call.op, inputs, call, this.context);
      if (!grid) return value;
      return isAverage ? averageToGrid(value, grid) : toGrid(value, grid);
    });
  }

  private constant(operand: Operand | undefined): number {
    const values = this.constants(operand);
    const [value] = values;
    if (value === undefined || values.length !== 1)
      throw new Error(`its scale and zero point must be one number each, not ${values.length}`);
    return value;
  }

  private constants(operand: Operand | undefined): Float32Array {
    if (operand?.kind === 'number') return Float32Array.of(operand.value);
    const name = operand?.kind === 'node' ? this.plan.constants.get(operand.node) : undefined;
    if (!name) throw new Error('its scale and zero point must be numbers or come from get_attr nodes');
    return Float32Array.from(this.params.host(name).data);
  }
}

/** Narrows a call with its sizes filled in to the ops that compute tensors. */
function computed(call: OpCall): OpCall<ComputeOp> {
  switch (call.op) {
    case 'placeholder':
    case 'get_attr':
    case 'size':
    case 'tuple':
    case 'output':
      throw new Error(`internal: '${call.op}' computes no tensor`);
    default:
      return call;
  }
}

/** What a run has computed so far. */
interface RunMemory {
  readonly values: ReadonlyMap<NodeName, tf.Tensor>;
  readonly sizes: RunSizes;
}

/** The tensor whose shape a size is read from; null where it is computed from other sizes. */
function sizedTensor({ operands: [operand] }: OpCall, values: ReadonlyMap<NodeName, tf.Tensor>) {
  return operand?.kind === 'node' ? liveValue(values, operand.node) : null;
}

function liveValue(values: ReadonlyMap<NodeName, tf.Tensor>, name: NodeName): tf.Tensor {
  const value = values.get(name);
  if (!value) throw new GraphError(`internal: the value of '${name}' was freed too early.`, name);
  return value;
}

function inputOf(batch: Batch, name: NodeName): tf.Tensor {
  const input = batch.inputs[name];
  if (input) return upload(input);
  const given = Object.keys(batch.inputs).join("', '");
  throw new Error(`the data has no array for this input; it has '${given}'`);
}
