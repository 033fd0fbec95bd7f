import { reasonOf } from '../equalize/decision';
import { eligibleLayers } from '../equalize/eligibility';
import type { NodeName, ParamName } from '../graph/ids';
import { floatTypeOf } from '../quant/choices';
import type { LayerNode } from '../quant/weightUse';
import { fusedModel, type LayerColumns, layerColumns, layersOf, type WeightReading } from './layerColumns';
import { constantColumns, rangeRatio } from './liveColumns';
import { equalizationConfig, layerSelection, qconfigsFor } from './qconfigs';
import type { Settings } from './settings';
import { layerSharing } from './sharing';
import type { Snapshots } from './snapshots';
import type { LayerView, Sqnr } from './views';

export interface LayerViewOptions {
  /** The one layer whose row is wanted. */
  readonly only?: NodeName;
  readonly weights?: WeightReading;
}

/** The rows of the layers table, in graph order. */
export function layerViews(
  snapshots: Snapshots,
  settings: Settings,
  { only, weights = 'read' }: LayerViewOptions = {},
): readonly LayerView[] {
  const columnsOf = layerColumns(snapshots, weights);
  const expected = expectedReasons(snapshots, settings);
  const model = fusedModel(snapshots);
  const selection = layerSelection(settings, model);
  const sharingOf = layerSharing(snapshots, settings);
  return layersOf(snapshots)
    .filter((layer) => only === undefined || layer.node.name === only)
    .map((layer) => {
      const { region, sharesWith } = sharingOf(layer.node.name);
      return {
        ...layerView(snapshots, layer, columnsOf(layer), expected.get(layer.node.name) ?? ''),
        ...selection(layer.node),
        type: floatTypeOf(model, layer.node),
        region,
        sharesWith,
      };
    });
}

/** Before `equalize` has run: why a layer will be left alone, where that is known already. */
function expectedReasons(snapshots: Snapshots, settings: Settings): ReadonlyMap<NodeName, string> {
  const model = fusedModel(snapshots);
  const layers = eligibleLayers(model, equalizationConfig(settings, model), qconfigsFor(settings, model));
  return new Map(
    layers.flatMap(({ layer: { node }, skip }) => {
      if (!skip || skip.kind === 'excluded') return [];
      const layer = node.name;
      return [
        [layer, reasonOf({ layer, decision: 'skip', reason: skip, scale: null, input: null })] as const,
      ];
    }),
  );
}

function layerView(
  snapshots: Snapshots,
  { node, call }: LayerNode,
  columns: LayerColumns,
  expected: string,
): Omit<LayerView, 'type' | 'selected' | 'selectedUnnamed' | 'region' | 'sharesWith'> {
  const { decision } = columns;
  const constant = constantColumns(columns.input);
  return {
    name: node.name,
    shape: weightShape(snapshots, call.attrs.weight),
    decision: decision?.decision ?? null,
    reason: decision ? reasonOf(decision) : expected,
    rule: decision && decision.decision !== 'skip' ? decision.rule : null,
    inputRatio: pair(
      columns.input && rangeRatio(columns.input, constant),
      columns.inputAfter && rangeRatio(columns.inputAfter, constant),
    ),
    weightRatio: pair(
      columns.weight && rangeRatio(columns.weight, constant),
      columns.weightAfter && rangeRatio(columns.weightAfter, constant),
    ),
    sqnr: layerSqnr(snapshots, node.name),
  };
}

const weightShape = (snapshots: Snapshots, weight: ParamName): string =>
  (fusedModel(snapshots).params[weight]?.shape ?? []).join('×');

const pair = (before: number | null, after: number | null): readonly [number, number | null] | null =>
  before === null ? null : [before, after];

export const layerSqnr = (snapshots: Snapshots, name: NodeName): Sqnr => ({
  plain: snapshots.convert?.layers.plain.get(name)?.sqnr ?? null,
  equalized: snapshots.convert?.layers.equalized.get(name)?.sqnr ?? null,
});
