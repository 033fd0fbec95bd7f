import { reasonOf } from '../equalize/decision';
import type { Comparison } from '../exec/comparison';
import type { Dataset } from '../formats/dataset';
import { parameterCount } from '../graph/model';
import { isNodeRef } from '../graph/node';
import { type ObservedModel, observerQParams, observerState } from '../quant/observer';
import type { SemanticsFigures } from './comparisonView';
import { fusedModel, layerColumns, layersOf } from './layerColumns';
import { layerSqnr } from './layerViews';
import type { RuntimeCheckView } from './onnxRuntime/runtimeView';
import { equalizationConfig } from './qconfigs';
import { type Settings, STEPS } from './settings';
import type { Snapshots } from './snapshots';
import type { BackendView, ModelView } from './views';

/** JSON has no NaN and no infinity: numbers that are not finite become strings. */
const plain = (value: number | null): number | string | null =>
  value === null || Number.isFinite(value) ? value : String(value);
const plainList = (values: ArrayLike<number> | undefined): readonly (number | string | null)[] =>
  Array.from(values ?? [], plain);

/** What the run's figures were found on. */
interface ReportedData {
  readonly calibration: Dataset | null;
  readonly evaluation: Dataset | null;
}

/** The content of `report.json`: model, settings, steps, ranges, scales and figures of one run. */
export function report(
  snapshots: Snapshots,
  settings: Settings,
  model: ModelView,
  backend: BackendView,
  data: ReportedData = { calibration: null, evaluation: null },
  check: RuntimeCheckView | null = null,
): unknown {
  const { calibrate, equalize, convert } = snapshots;
  return {
    version: 1,
    model: {
      name: model.name,
      format: model.format,
      inputs: model.inputs,
      parameters: parameterCount(snapshots.load.model),
    },
    backend: { name: backend.name, adapter: backend.adapter },
    config: configOf(snapshots, settings),
    steps: stepRows(snapshots),
    calibration: calibrate
      ? { samples: calibrate.samples, batches: calibrate.batches, ...origin(data.calibration) }
      : null,
    evaluation: data.evaluation && { samples: data.evaluation.samples, ...origin(data.evaluation) },
    observers: observerRows(equalize?.model ?? calibrate?.model ?? null),
    layers: layerRows(snapshots),
    verification: equalize ? verificationOf(equalize.verification) : null,
    regions: (equalize?.regions ?? []).map((region) => ({
      ...region,
      maxRelError: plain(region.maxRelError),
    })),
    sqnr: convert
      ? { plain: plain(convert.outputs.plain.sqnr), equalized: plain(convert.outputs.equalized.sqnr) }
      : null,
    accuracy: convert?.accuracy ?? null,
    comparison: comparisonRows(snapshots),
    onnxRuntime: check && checkRows(check),
  };
}

const configOf = (snapshots: Snapshots, settings: Settings): object => ({
  semantics: settings.semantics,
  qconfig: settings.qconfig,
  method: settings.method,
  alpha: settings.alpha,
  absorbBias: settings.absorbBias,
  byHand: settings.byHand,
  qconfigs: settings.qconfigs,
  equalization: settings.equalization,
  layers: selectedLayers(snapshots, settings),
});

const verificationOf = ({ maxAbsError, maxRelError }: Comparison): object => ({
  maxAbsError: plain(maxAbsError),
  maxRelError: plain(maxRelError),
});

const stepRows = (snapshots: Snapshots): readonly object[] =>
  STEPS.flatMap((step) => {
    const snapshot = snapshots[step];
    return snapshot ? [{ step, ms: snapshot.ms, changes: snapshot.changes.length }] : [];
  });

const checkRows = (check: RuntimeCheckView): object => ({
  ...check,
  rows: check.rows.map((row) => ({ ...row, maxRelError: plain(row.maxRelError), sqnr: plain(row.sqnr) })),
});

/** How samples came about: the settings of images or of the generator, where there are any. */
function origin(data: Dataset | null): object {
  const from = data?.origin;
  return {
    source: data?.source ?? null,
    generated: from?.kind === 'generated',
    generator: from?.kind === 'generated' ? from.settings : null,
    images: from?.kind === 'images' ? { ...from.settings, classes: from.classes } : null,
    notes: data?.notes ?? [],
  };
}

/** Names of the layers that the settings select for equalization. */
function selectedLayers(snapshots: Snapshots, settings: Settings): readonly string[] {
  const { excluded } = equalizationConfig(settings, fusedModel(snapshots));
  return layersOf(snapshots)
    .map((layer) => layer.node.name)
    .filter((name) => !excluded.has(name));
}

function observerRows(model: ObservedModel | null): readonly unknown[] {
  if (!model) return [];
  return model.graph.nodes.flatMap((node): readonly unknown[] => {
    if (node.op !== 'call_module') return [];
    const [input] = node.args;
    const after = isNodeRef(input) ? input.node : null;
    const equalization = model.equalizationObservers[node.target]?.channels;
    if (equalization) {
      const ranges = { min: plainList(equalization.min), max: plainList(equalization.max) };
      return [{ name: node.name, after, kind: 'equalization', ...ranges, scale: null, zeroPoint: null }];
    }
    const observer = observerState(model, node.target);
    if (!observer) return [];
    const { scale, zeroPoint } = observerQParams(observer);
    return [
      {
        name: node.name,
        after,
        kind: observer.kind,
        min: plain(observer.min),
        max: plain(observer.max),
        scale: plain(scale),
        zeroPoint,
      },
    ];
  });
}

function layerRows(snapshots: Snapshots): readonly unknown[] {
  const columnsOf = layerColumns(snapshots);
  return layersOf(snapshots).map((layer) => {
    const columns = columnsOf(layer);
    const sqnr = layerSqnr(snapshots, layer.node.name);
    return {
      name: layer.node.name,
      decision: columns.decision?.decision ?? null,
      reason: columns.decision ? reasonOf(columns.decision) : null,
      inputMin: plainList(columns.input?.min),
      inputMax: plainList(columns.input?.max),
      weightMin: plainList(columns.weight.min),
      weightMax: plainList(columns.weight.max),
      scale: plainList(columns.decision?.scale?.values),
      sqnr: { plain: plain(sqnr.plain), equalized: plain(sqnr.equalized) },
    };
  });
}

/** Where the other semantics differs and how both do; null until `convert` has run and where it was not compared. */
function comparisonRows({ comparison }: Snapshots): unknown {
  if (comparison?.kind !== 'compared') return null;
  const { differences, exact, pytorch } = comparison.comparison;
  return { differences, exact: figures(exact), pytorch: figures(pytorch) };
}

const figures = ({ maxRelError, sqnr, layers, error }: SemanticsFigures): unknown => ({
  maxRelError: plain(maxRelError),
  sqnr: plain(sqnr),
  layers: Object.entries(layers).map(([name, layer]) => ({
    name,
    maxRelError: plain(layer.maxRelError),
    sqnr: plain(layer.sqnr),
  })),
  error,
});
