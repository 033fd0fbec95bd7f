import type { NodeName, ParamName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { Node } from '../../graph/node';
import { layerNodes } from '../../quant/weightUse';
import type { SemanticsDifference } from '../comparisonView';
import { typeOf } from '../graphView';
import { areClose, type BothRuns, layerNames, spanText } from './semanticsDifference';
import type { SemanticsRun } from './semanticsRun';

/** Nodes that are another op or module: fused in one semantics only, or quantized in one only. */
export function moduleDifferences({ exact, pytorch }: BothRuns): readonly SemanticsDifference[] {
  return [
    ...typeDifferences('prepares', exact.fused, pytorch.fused),
    ...typeDifferences('converts', exact.converted, pytorch.converted),
  ];
}

function typeDifferences(verb: string, exact: Model, pytorch: Model): readonly SemanticsDifference[] {
  const theirs = new Map(pytorch.graph.nodes.map((node) => [node.name, node]));
  return exact.graph.nodes.flatMap((node) => {
    const other = theirs.get(node.name);
    const [ours, their] = [typeOf(exact, node), other && typeOf(pytorch, other)];
    if (!isOp(node) || their === undefined || ours === their) return [];
    const text = (who: string, type: string) => `${who} ${verb} ${node.name} as ${type}.`;
    return [
      {
        node: node.name,
        also: [],
        layer: null,
        exact: text('Exact', ours),
        pytorch: text('PyTorch', their),
      },
    ];
  });
}

/** Constants and quantize ops are named by number: equal names need not stand for equal places. */
const isOp = (node: Node): boolean =>
  (node.op === 'call_module' || node.op === 'call_function') && !/^(mul|quantize_per_tensor)/.test(node.name);

/** Layers whose rows take another scale, or whose bias does not take it. */
export function rowDifferences({ exact, pytorch }: BothRuns): readonly SemanticsDifference[] {
  const layers = layerNames(exact);
  return layerNodes(exact.equalized.model).flatMap(({ node, call }) => {
    if (!layers.has(node.name)) return [];
    const [ours, theirs] = [exact, pytorch].map((run) => run.equalized.outputScales.get(node.name));
    const rows = !areClose(ours, theirs);
    const { bias } = call.attrs;
    // A bias matters here where both scale the rows: PyTorch may forget it.
    if (!rows && (!ours || bias === null || sameParam(exact, pytorch, bias))) return [];
    const text = (who: string, run: SemanticsRun, scale: Float32Array | undefined) =>
      rows ? `${who} ${rowText(node.name, scale)}` : `${who} ${biasText(run, bias ?? '')}`;
    return [
      {
        node: node.name,
        also: [],
        layer: node.name,
        exact: text('Exact', exact, ours),
        pytorch: text('PyTorch', pytorch, theirs),
      },
    ];
  });
}

const rowText = (layer: NodeName, scale: Float32Array | undefined): string =>
  scale
    ? `multiplies the rows of ${layer} by ${spanText(scale)}, the scale of what reads it.`
    : `leaves the rows of ${layer} as they are.`;

const floatsOf = (model: Model, param: ParamName | string): Float32Array | undefined => {
  const data = Object.entries(model.params).find(([name]) => name === param)?.[1].data;
  return data instanceof Float32Array ? data : undefined;
};

const sameParam = (a: SemanticsRun, b: SemanticsRun, param: ParamName): boolean =>
  areClose(floatsOf(a.equalized.model, param), floatsOf(b.equalized.model, param));

function biasText({ semantics, calibrated, equalized }: SemanticsRun, bias: string): string {
  const isKept = areClose(floatsOf(calibrated, bias), floatsOf(equalized.model, bias));
  if (!isKept) return `multiplies ${bias} by the scale of the rows.`;
  const why = semantics === 'pytorch' ? ': it knows a bias by the word "bias" in its name' : '';
  return `leaves ${bias} as it was${why}.`;
}
