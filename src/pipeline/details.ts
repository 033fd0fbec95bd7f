import type { LayerDecision } from '../equalize/decision';
import { type ChannelRange, scaleRange } from '../equalize/scale';
import { EQUALIZATION_SCALE } from '../graph/equalizationScale';
import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import { type ModuleName, type NodeName, nodeName, type ParamName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import type { Model } from '../graph/model';
import { inputsOf, type Node } from '../graph/node';
import { printNode } from '../graph/print';
import { opTitle } from '../graph/resolve';
import { formatShape } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { type ObservedModel, type Observer, observerQParams, observerState } from '../quant/observer';
import { modelAfter } from './forms';
import { typeOf } from './graphView';
import { layerColumns, layersOf } from './layerColumns';
import { layerViews } from './layerViews';
import { rangeHistogram } from './rangeHistogram';
import type { Settings, StepName } from './settings';
import { layerSharing } from './sharing';
import type { Snapshots } from './snapshots';
import type { BeforeAfter, Form, NodeDetails, ObserverView, Ranges } from './views';

type Columns = Pick<
  NodeDetails,
  | 'layer'
  | 'input'
  | 'inputHistogram'
  | 'weight'
  | 'weightHistogram'
  | 'scale'
  | 'scaleEdits'
  | 'scaleColumns'
  | 'observer'
>;
const NO_COLUMNS: Columns = {
  layer: null,
  input: null,
  inputHistogram: null,
  weight: null,
  weightHistogram: null,
  scale: null,
  scaleEdits: [],
  scaleColumns: null,
  observer: null,
};

/** All that the inspector shows of a node at a step; a GraphError when the step's graph has no such node. */
export function nodeDetails(
  snapshots: Snapshots,
  settings: Settings,
  step: StepName,
  name: string,
  form: Form,
): NodeDetails {
  const model = modelAfter(snapshots, step, form);
  const index = model && new GraphIndex(model.graph);
  const node = index?.find(nodeName(name));
  if (!model || !index || !node)
    throw new GraphError(`The graph after '${step}' has no node '${name}'.`, name);
  return {
    name,
    step,
    line: printNode(node, index.users(node.name).length),
    opcode: node.op,
    type: node.op === 'call_module' ? opTitle(model, node) : typeOf(model, node),
    target: node.target,
    shape: formatShape(inferShapes(model).get(node.name) ?? null),
    attributes: attributesOf(model, node),
    inputs: inputsOf(node),
    users: index.users(node.name).map((user) => user.name),
    ...columnsOf(upTo(snapshots, step), settings, node),
  };
}

/** The inspector at an earlier step shows nothing that a later one found out. */
function upTo(snapshots: Snapshots, step: StepName): Snapshots {
  const { load, prepare, calibrate, equalize, convert } = snapshots;
  const shown: Snapshots = { load };
  if (step === 'load') return shown;
  const prepared = { ...shown, ...(prepare && { prepare }) };
  if (step === 'prepare') return prepared;
  const calibrated = { ...prepared, ...(calibrate && { calibrate }) };
  if (step === 'calibrate') return calibrated;
  const equalized = { ...calibrated, ...(equalize && { equalize }) };
  return step === 'equalize' ? equalized : { ...equalized, ...(convert && { convert }) };
}

/** As many values as fit one line of the inspector. */
const SHOWN_VALUES = 6;

function constantAttributes(tensor: Tensor | undefined): NodeDetails['attributes'] {
  if (!tensor) return [];
  const values = Array.from(tensor.data.subarray(0, SHOWN_VALUES), (value) => Number(value.toPrecision(6)));
  const more = tensor.data.length > SHOWN_VALUES ? ', …' : '';
  return [
    ['dtype', tensor.dtype],
    ['values', `${values.join(', ')}${more}`],
  ];
}

function attributesOf(model: Model, node: Node): NodeDetails['attributes'] {
  if (node.op === 'get_attr') return constantAttributes(model.params[node.target]);
  const attrs = node.op === 'call_module' ? (model.modules[node.target]?.attrs ?? {}) : node.kwargs;
  return Object.entries(attrs)
    .filter(([key]) => !key.startsWith('relu_'))
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
}

function columnsOf(snapshots: Snapshots, settings: Settings, node: Node): Columns {
  const layer = layersOf(snapshots).find((l) => l.node.name === node.name);
  if (layer) {
    const columns = layerColumns(snapshots)(layer);
    const { edits, columns: scalable } = layerSharing(snapshots, settings)(node.name);
    return {
      ...NO_COLUMNS,
      layer: layerViews(snapshots, settings, { only: node.name })[0] ?? null,
      input: columns.input && beforeAfter(columns.input, columns.inputAfter),
      inputHistogram: columns.input && rangeHistogram(columns.input, columns.inputAfter),
      weight: beforeAfter(columns.weight, columns.weightAfter),
      weightHistogram: rangeHistogram(columns.weight, columns.weightAfter),
      scale: columns.decision?.scale?.values ?? null,
      scaleEdits: edits,
      scaleColumns: scalable,
    };
  }
  if (node.op === 'get_attr') return constantColumns(snapshots, node.target);
  return node.op === 'call_module' ? observerColumns(snapshots, node.target) : NO_COLUMNS;
}

/** An equalization scale is plotted as one; it is the tensor that this tool adds. */
function constantColumns({ equalize }: Snapshots, param: ParamName): Columns {
  const tensor = equalize?.model.params[param];
  const isScale = tensor?.data instanceof Float32Array && EQUALIZATION_SCALE.test(param);
  return isScale && tensor.data instanceof Float32Array ? { ...NO_COLUMNS, scale: tensor.data } : NO_COLUMNS;
}

function observerColumns(snapshots: Snapshots, module: ModuleName): Columns {
  const { calibrate, equalize } = snapshots;
  if (!calibrate) return NO_COLUMNS;
  const equalization = calibrate.model.equalizationObservers[module];
  const channels = equalization?.channels ?? calibrate.model.observers[module]?.channels ?? null;
  const before = observerState(calibrate.model, module);
  const after = equalize && observerState(equalize.model, module);
  const input =
    channels && beforeAfter(channels, equalization ? null : scaledChannels(snapshots, module, channels));
  return {
    ...NO_COLUMNS,
    input,
    inputHistogram: input && rangeHistogram(input.before, input.after),
    observer: before ? { before: observerView(before), after: after ? observerView(after) : null } : null,
  };
}

/** The column ranges behind an observer after equalization: scaled where its tensor is. */
function scaledChannels(
  snapshots: Snapshots,
  module: ModuleName,
  channels: ChannelRange,
): ChannelRange | null {
  const { calibrate, equalize } = snapshots;
  if (!calibrate || !equalize) return null;
  if (observerState(calibrate.model, module) === observerState(equalize.model, module)) return channels;
  const scale = scaleBehind(equalize.model, equalize.result.decisions, nodeName(module));
  return scale ? scaleRange(channels, scale) : channels;
}

/**
 * The scale of the first layer behind an observer of the equalized model. A mul scales only what the observer behind
 * it sees, which its layer reads; a fold scales everything from the producer on.
 */
function scaleBehind(
  model: ObservedModel,
  decisions: readonly LayerDecision[],
  observer: NodeName,
): Float32Array | null {
  const index = new GraphIndex(model.graph);
  const byLayer = new Map(decisions.map((decision) => [decision.layer, decision]));
  const search = (name: NodeName, direct: boolean): Float32Array | null => {
    for (const user of index.users(name)) {
      const decision = byLayer.get(user.name);
      const fits = direct || decision?.decision === 'fold';
      const scale = decision ? fits && decision.scale?.values : search(user.name, false);
      if (scale) return scale;
    }
    return null;
  };
  return search(observer, true);
}

const beforeAfter = (before: Ranges, after: Ranges | null): BeforeAfter => ({
  before: { min: before.min, max: before.max },
  after: after && { min: after.min, max: after.max },
});

const observerView = (observer: Observer): ObserverView => ({
  min: observer.min,
  max: observer.max,
  ...observerQParams(observer),
});
