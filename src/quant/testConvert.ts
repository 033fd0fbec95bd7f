import { applyChange, revertChange } from '../graph/change';
import { GraphError } from '../graph/errors';
import { lint } from '../graph/lint';
import type { Model } from '../graph/model';
import { inputsOf } from '../graph/node';
import { convert } from './convert/convert';
import type { ReferenceModel } from './convert/referenceModel';
import type { LoweringSemantics } from './lower/lowerGraph';
import type { ObservedModel } from './observer';
import type { QConfigMapping } from './qconfigMapping';
import { type Build, buildModel, observe } from './testPrepare';
import { observerNodes, withStats } from './withStats';

/* Converts models made by hand, with their rewrites played back and forth, and a short text of the result. For tests only. */

/** Observers that saw −1…1, the next −2…2 and so on, in graph order. */
export function calibrated(model: ObservedModel): ObservedModel {
  const stats = observerNodes(model).map(({ node }, i) => {
    const [min, max] = [Float32Array.of(-1 - i, 0), Float32Array.of(0, 1 + i)];
    return [node, { min, max, nonFinite: new Float64Array(2), samples: 1, rank: 2 }] as const;
  });
  return withStats(model, new Map(stats));
}

export interface BothForms {
  readonly observed: ObservedModel;
  readonly reference: ReferenceModel;
  readonly lowered: Model;
}

/** Both forms of an observed model; the error of a model that has no lowered one is thrown. */
export function bothForms(observed: ObservedModel, semantics?: LoweringSemantics): BothForms {
  const { reference, lowered } = convert(observed, semantics);
  if (lowered instanceof GraphError) throw lowered;
  for (const [from, { model, changes }] of [
    [observed, reference],
    [reference.model, lowered],
  ] as const) {
    lint(model);
    const played = changes.reduce(applyChange, from.graph);
    const reverted = changes.reduceRight(revertChange, model.graph);
    if (JSON.stringify(played) !== JSON.stringify(model.graph)) throw new Error('changes do not lead there');
    if (JSON.stringify(reverted) !== JSON.stringify(from.graph)) throw new Error('changes do not lead back');
  }
  return { observed, reference: reference.model, lowered: lowered.model };
}

export const converted = (build: Build, qconfigs?: QConfigMapping): BothForms =>
  bothForms(calibrated(observe(buildModel(build), qconfigs)));

/** `name(reads)` of every node but inputs and constants, with `q` and `d` for the steps to a grid and back. */
export const graphText = (model: Model): string =>
  model.graph.nodes
    .filter((node) => node.op !== 'placeholder' && node.op !== 'get_attr')
    .map((node) => {
      const constants = new Set<string>(
        model.graph.nodes.filter((n) => n.op === 'get_attr').map((n) => n.name),
      );
      return `${node.name}(${inputsOf(node)
        .filter((name) => !constants.has(name))
        .join(', ')})`;
    })
    .join('; ')
    .replaceAll('quantize_per_tensor', 'q')
    .replaceAll('dequantize', 'd');
