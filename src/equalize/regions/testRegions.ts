import type { Shape } from '../../graph/shape';
import { fuse } from '../../quant/fuse/fuse';
import { type Build, buildModel, observe } from '../../quant/testPrepare';
import { insertEqualizationObservers } from '../insertEqualizationObservers';
import { findRegions, usualPlacements } from './regions';

/* What regions a model has, as text. For tests only. */

/** What takes the scale of each region and who reads it: `fold a → b, c [observers]` or `mul x → a: reason`. */
export function regionsOf(
  build: Build,
  excluded: readonly string[] = [],
  shape: Shape = null,
): readonly string[] {
  const model = { ...buildModel(build), inputShapes: { x: shape } };
  const config = { semantics: 'exact' as const, excluded: new Set(excluded) };
  const prepared = insertEqualizationObservers(fuse(model).model, observe(model), config).model;
  return findRegions(prepared)
    .flatMap(usualPlacements)
    .map((region) => {
      const layers = region.consumers.map((consumer) => consumer.layer.node.name).join(', ');
      if (region.placement === 'mul') {
        if (!region.reason || !('source' in region.reason)) throw new Error('a usual mul has a source');
        const { kind, source, ...rest } = region.reason;
        return [`mul ${region.tensor} → ${layers}: ${kind} ${source}`, ...Object.values(rest)].join(' ');
      }
      const takers = [...new Set(region.params.map(({ node }) => node))].join(', ');
      const observers = region.observers.map(({ node }) => node.replace('_activation_post_process_0', '*'));
      return `fold ${takers} → ${layers} [${observers.join(', ')}]`;
    });
}
