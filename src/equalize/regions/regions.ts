import { type Graph, GraphIndex } from '../../graph/graph';
import type { ModuleName, NodeName } from '../../graph/ids';
import { firstInput, type Node } from '../../graph/node';
import { opTitle, resolveNode } from '../../graph/resolve';
import { channelAxis, inputChannels } from '../../quant/layerAxes';
import type { ObservedModel } from '../../quant/observer';
import { activationOf, type LayerNode, layerNodes } from '../../quant/weightUse';
import type { MulReason } from '../decision';
import { channelSteps } from './channelPairs';
import { type ChannelRegion, channelRegions, type RegionParam } from './channelRegions';
import type { PinReason } from './explore';

/** A layer to equalize and the equalization observer that it reads. */
export interface Consumer {
  readonly layer: LayerNode;
  readonly observerNode: NodeName;
  readonly observer: ModuleName;
  /** Which of the region's factors each channel of the layer's input carries. */
  readonly classes: Int32Array;
}

/** An observer of a scaled value, the axis of that value's channels (from the end), and the factors along it. */
export interface ScaledObserver {
  readonly node: NodeName;
  readonly module: ModuleName;
  readonly axis: number;
  /** −1 for a channel that is not scaled. */
  readonly classes: Int32Array;
}

/** Layers whose inputs share factors, one for each of `classes` classes of channels. */
interface PlacementOf<P extends 'fold' | 'mul'> {
  readonly placement: P;
  readonly consumers: readonly Consumer[];
  readonly classes: number;
}

/** Tensors before the layers take the factors: no run-time cost. */
export interface FoldPlacement extends PlacementOf<'fold'> {
  readonly params: readonly RegionParam[];
  /** All values that carry the factors, observers among them. */
  readonly values: readonly NodeName[];
  /** Between what takes the factors and the layers: their ranges are scaled too. */
  readonly observers: readonly ScaledObserver[];
}

/** A mul in front of the layers, which read one tensor along one axis; every channel has a factor of its own. */
export interface MulPlacement extends PlacementOf<'mul'> {
  readonly tensor: NodeName;
  /** Why the factors cannot be folded; null where they could be. */
  readonly reason: MulReason | null;
}

/** One way to bring factors to layers. */
export type Placement = FoldPlacement | MulPlacement;

/** Layers whose input channels are tied together, and the ways to equalize them: a fold, or a mul for each tensor. */
export interface Region {
  readonly consumers: readonly Consumer[];
  /** Null where something that makes or reads the channels cannot carry a factor. */
  readonly fold: FoldPlacement | null;
  readonly muls: readonly MulPlacement[];
}

/** Where factors go unless something speaks against it: no run-time cost comes first, as in PyTorch. */
export const usualPlacements = ({ fold, muls }: Region): readonly Placement[] => (fold ? [fold] : muls);

/** What regions follow from beside the graph; nothing of what observers saw, which would stay as long as the graph does. */
type Setting = { readonly [K in (typeof SETTING)[number]]: ObservedModel[K] } & {
  readonly observing: readonly string[];
};
const SETTING = ['modules', 'params', 'inputShapes', 'inputTypes', 'tied'] as const;

interface Structure {
  readonly setting: Setting;
  readonly regions: readonly Region[];
}

/** The regions found last for a graph: calibration fills the observers of a model, and equalization asks for its regions again. */
const found = new WeakMap<Graph, Structure>();

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

function settingOf(model: ObservedModel): Setting {
  const { modules, params, inputShapes, inputTypes, tied, observers, equalizationObservers } = model;
  const observing = [...Object.keys(observers), '', ...Object.keys(equalizationObservers)];
  return { modules, params, inputShapes, inputTypes, tied, observing };
}

const isAlike = (a: Setting, b: Setting): boolean =>
  SETTING.every((key) => a[key] === b[key]) && sameNames(a.observing, b.observing);

/**
 * The regions of a prepared model. Layers whose input channels must carry the same factors form one region. When
 * everything that makes and reads those channels agrees, the tensors before them can take the factors (fold). Each
 * tensor with the layers that read its channels along one axis can get a mul in front of them instead.
 * `channelRegions.ts` says which channels belong together.
 */
export function findRegions(model: ObservedModel): readonly Region[] {
  const known = found.get(model.graph);
  const setting = settingOf(model);
  if (known && isAlike(known.setting, setting)) return known.regions;
  const regions = searchRegions(model);
  found.set(model.graph, { setting, regions });
  return regions;
}

function searchRegions(model: ObservedModel): readonly Region[] {
  const index = new GraphIndex(model.graph);
  const layers = layerNodes(model, index).filter((layer) => observerOf(model, index, layer) !== null);
  return channelRegions(model, layers).map((region): Region => {
    const isFree = region.pins.every((pin) => pin === null);
    return {
      consumers: consumersOf(model, index, region),
      fold: isFree ? foldPlacement(model, index, region) : null,
      muls: mulPlacements(model, index, region, isFree),
    };
  });
}

/** The equalization observer that a layer reads. */
function observerOf(
  model: ObservedModel,
  index: GraphIndex,
  layer: LayerNode,
): { readonly observerNode: NodeName; readonly observer: ModuleName } | null {
  const input = activationOf(layer);
  const node = input === null ? undefined : index.get(input);
  return node?.op === 'call_module' && model.equalizationObservers[node.target]
    ? { observerNode: node.name, observer: node.target }
    : null;
}

function consumersOf(model: ObservedModel, index: GraphIndex, region: ChannelRegion): readonly Consumer[] {
  return region.layers.flatMap(({ layer, classes }) => {
    const observer = observerOf(model, index, layer);
    return observer ? [{ layer, ...observer, classes }] : [];
  });
}

function foldPlacement(model: ObservedModel, index: GraphIndex, region: ChannelRegion): FoldPlacement {
  const observers = region.values.flatMap(({ value, axis, classes }) => {
    const node = index.get(value);
    const observes = node.op === 'call_module' && model.observers[node.target] !== undefined;
    return observes ? [{ node: value, module: node.target, axis, classes }] : [];
  });
  observers.sort((a, b) => index.position(a.node) - index.position(b.node));
  const { classes, params } = region;
  const consumers = consumersOf(model, index, region);
  const values = region.values.map(({ value }) => value);
  return { placement: 'fold', consumers, classes, params, values, observers };
}

/** One a tensor and axis: no channel depends on another there. */
function mulPlacements(
  model: ObservedModel,
  index: GraphIndex,
  region: ChannelRegion,
  isFree: boolean,
): readonly MulPlacement[] {
  const groups = new Map<string, { tensor: NodeName; reason: MulReason | null; consumers: Consumer[] }>();
  for (const consumer of consumersOf(model, index, region)) {
    const { call } = consumer.layer;
    const tensor = behindObservers(model, index, consumer.observerNode);
    const key = `${channelAxis(call)} ${tensor}`;
    const known = groups.get(key);
    const classes = channelSteps(inputChannels(call));
    if (known) known.consumers.push({ ...consumer, classes });
    else {
      const reason = isFree ? null : mulReason(model, index, firstPin(region, consumer), tensor);
      groups.set(key, { tensor, reason, consumers: [{ ...consumer, classes }] });
    }
  }
  return [...groups.values()].map(({ tensor, reason, consumers }) => {
    const classes = consumers[0]?.classes.length ?? 0;
    return { placement: 'mul', consumers, classes, tensor, reason };
  });
}

/** What pins the layer's own channels says more than what pins another's. */
function firstPin({ pins }: ChannelRegion, { classes }: Consumer): PinReason | null {
  const own = classes.reduce<PinReason | null>((found, c) => found ?? pins[c] ?? null, null);
  return own ?? pins.find((pin) => pin !== null) ?? null;
}

/** The value that an observer, or a chain of them, passes on. */
function behindObservers(model: ObservedModel, index: GraphIndex, name: NodeName): NodeName {
  const node: Node = index.get(name);
  const input = firstInput(node);
  const observes =
    node.op === 'call_module' &&
    (model.observers[node.target] !== undefined || model.equalizationObservers[node.target] !== undefined);
  return observes && input !== null ? behindObservers(model, index, input) : name;
}

/** Why the factors must not reach what stands before, in terms of the user's graph. */
function mulReason(
  model: ObservedModel,
  index: GraphIndex,
  pin: PinReason | null,
  tensor: NodeName,
): MulReason {
  const source = behindObservers(model, index, pin?.source ?? tensor);
  if (index.get(source).op === 'placeholder' && pin?.kind !== 'reader') return { kind: 'input', source };
  switch (pin?.kind) {
    case undefined:
    case 'input':
      return { kind: 'input', source };
    case 'op':
      return opReason(source, pin.op);
    case 'reader':
      return { kind: 'other-reader', source, reader: pin.reader };
    case 'shared':
      return { kind: 'producer-shared', source, calls: pin.calls };
    case 'unknown-shape':
      return { kind: 'unknown-shape', source, op: opBehind(model, index, source) };
    default:
      return pin satisfies never;
  }
}

function opBehind(model: ObservedModel, index: GraphIndex, source: NodeName): string {
  const node = index.get(source);
  return resolveNode(model, index, node)?.op ?? opTitle(model, node);
}

/** A layer's rows are not what lies along the axis; a pool looks along it; any other op does not pass a factor. */
function opReason(source: NodeName, op: string): MulReason {
  if (op === 'linear' || op === 'conv' || op === 'conv_transpose') return { kind: 'other-axis', source };
  return { kind: POOLS.has(op) ? 'windows' : 'barrier', source, op };
}

const POOLS: ReadonlySet<string> = new Set([
  'max_pool',
  'avg_pool',
  'adaptive_avg_pool',
  'adaptive_max_pool',
]);
