import { reasonOf } from '../equalize/decision';
import { eligibleLayers } from '../equalize/eligibility';
import type { NodeName } from '../graph/ids';
import { layerColumns, layersOf } from './layerColumns';
import { constantColumns, rangeRatio } from './liveColumns';
import type { Settings } from './settings';
import type { Snapshots } from './snapshots';
import type { LayerView, Sqnr } from './views';

/** The rows of the layers table, in graph order. */
export function layerViews(snapshots: Snapshots, settings: Settings): readonly LayerView[] {
  const excluded = new Set(settings.excluded);
  const config = { semantics: settings.semantics, excluded };
  const skipped = new Map(
    eligibleLayers(snapshots.prepare?.fused ?? snapshots.load.model, config).flatMap(({ linear, skip }) =>
      skip && skip.kind !== 'excluded' ? [[linear.node.name, skip] as const] : [],
    ),
  );
  return layersOf(snapshots).map((layer) => {
    const name = layer.node.name;
    const columns = layerColumns(snapshots, layer);
    const constant = constantColumns(columns.input);
    const skip = skipped.get(name);
    const expected = skip
      ? reasonOf({ layer: name, decision: 'skip', reason: skip, scale: null, input: null })
      : '';
    return {
      name,
      shape: [layer.call.attrs.outFeatures, layer.call.attrs.inFeatures],
      selected: !excluded.has(name),
      decision: columns.decision?.decision ?? null,
      reason: columns.decision ? reasonOf(columns.decision) : expected,
      inputRatio: pair(
        columns.input && rangeRatio(columns.input, constant),
        columns.inputAfter && rangeRatio(columns.inputAfter, constant),
      ),
      weightRatio: pair(
        rangeRatio(columns.weight, constant),
        columns.weightAfter && rangeRatio(columns.weightAfter, constant),
      ),
      sqnr: layerSqnr(snapshots, name),
    };
  });
}

const pair = (before: number | null, after: number | null): readonly [number, number | null] | null =>
  before === null ? null : [before, after];

export const layerSqnr = (snapshots: Snapshots, name: NodeName): Sqnr => ({
  plain: snapshots.convert?.layers.plain.get(name)?.sqnr ?? null,
  equalized: snapshots.convert?.layers.equalized.get(name)?.sqnr ?? null,
});
