import { GraphIndex } from '../../../graph/graph';
import { type ModuleName, moduleName, type NodeName, nodeName } from '../../../graph/ids';
import type { Model, ModuleSpec } from '../../../graph/model';
import { FOLDED, foldBatchNorm } from '../../../quant/fuse/foldBatchNorm';
import { unfuse } from '../../../quant/fuse/unfuse';

/** A layer that took in the batch normalization behind it: their nodes, and the layer's module. */
export interface Fold {
  readonly layer: NodeName;
  readonly module: ModuleName;
  readonly norm: NodeName;
}

/** The model that equalization began with, and what was folded before it did. */
export interface FoldedModel {
  readonly base: Model;
  readonly folds: readonly Fold[];
}

/**
 * `prepare` folds batch normalizations and the float model stays so: where `current` lacks them, the base is `original`
 * with the same ones folded, as either semantics does it.
 */
export function withFolds(original: Model, current: Model): FoldedModel {
  const now = new GraphIndex(current.graph);
  const isWhole = (model: Model) => model.graph.nodes.every((node) => now.find(node.name));
  if (isWhole(original)) return { base: original, folds: [] };
  for (const semantics of ['exact', 'pytorch'] as const) {
    const { model } = foldBatchNorm(original, semantics);
    if (isWhole(model)) return { base: unfuse(model), folds: foldsOf(model) };
  }
  return { base: original, folds: [] };
}

const foldsOf = (model: Model): readonly Fold[] =>
  Object.entries<ModuleSpec>(model.modules).flatMap(([module, { attrs }]) => {
    const pairs = attrs[FOLDED];
    if (!Array.isArray(pairs)) return [];
    return pairs.flatMap((pair): Fold[] =>
      Array.isArray(pair)
        ? [
            {
              layer: nodeName(String(pair[0])),
              module: moduleName(module),
              norm: nodeName(String(pair[1])),
            },
          ]
        : [],
    );
  });
