import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import { firstInput } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import type { Shape } from '../graph/shape';
import { channelAxis } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { activationOf, layerNodes } from '../quant/weightUse';
import { observerNodes } from '../quant/withStats';
import { findRegions } from './regions/regions';
import { axisBehind, scalePassage } from './scalePassage';

/**
 * Along which axis the channels of each observed value lie, by observer node, counted from the end: an equalization
 * observer's own; that of the scale where one may pass; that of the layers that read or made the value, carried on
 * by ops that channels pass; otherwise the last. Null, for the whole tensor as one channel, where that axis has not
 * the same length in every batch.
 */
export function observerAxes(model: ObservedModel): ReadonlyMap<NodeName, number | null> {
  const shapes = inferShapes(model);
  const known = new Map([...axesOfLayers(model, shapes), ...axesOfRegions(model)]);
  return new Map(
    observerNodes(model).map(({ node, module }) => {
      const axis = model.equalizationObservers[module]?.axis ?? known.get(node);
      return [node, axis ?? lastAxis(shapes.get(node) ?? null)];
    }),
  );
}

/** The last region of a tensor takes over its observer. */
function axesOfRegions(model: ObservedModel): ReadonlyMap<NodeName, number> {
  const index = new GraphIndex(model.graph);
  const axes = new Map<NodeName, number>();
  for (const region of findRegions(model)) {
    for (const { layer, observerNode } of region.consumers) {
      const observer = firstInput(index.get(observerNode));
      if (observer !== null) axes.set(observer, channelAxis(layer.call));
    }
    for (const { node, axis } of region.fold?.observers ?? []) axes.set(node, axis);
  }
  return axes;
}

/** Forward from what layers make; what a layer reads straight from an observer counts first. */
function axesOfLayers(
  model: ObservedModel,
  shapes: ReadonlyMap<NodeName, Shape>,
): ReadonlyMap<NodeName, number> {
  const index = new GraphIndex(model.graph);
  const layers = new Map(layerNodes(model, index).map((layer) => [layer.node.name, layer]));
  const axes = new Map<NodeName, number>();
  for (const node of model.graph.nodes) {
    const layer = layers.get(node.name);
    const call = resolveNode(model, index, node);
    const [operand] = call?.operands ?? [];
    const before = operand?.kind === 'node' ? axes.get(operand.node) : undefined;
    const rank = operand?.kind === 'node' ? (shapes.get(operand.node)?.length ?? null) : null;
    if (layer) axes.set(node.name, channelAxis(layer.call));
    else if (call && before !== undefined) {
      const axis = axisBehind(scalePassage(call, rank), before);
      if (axis !== null) axes.set(node.name, axis);
    }
  }
  for (const layer of layers.values()) {
    const input = activationOf(layer);
    if (input !== null) axes.set(input, channelAxis(layer.call));
  }
  return axes;
}

/** A number of axes that is not known, or a last one whose length is, is taken at its word. */
function lastAxis(shape: Shape): number | null {
  return typeof (shape?.at(-1) ?? 0) === 'number' ? -1 : null;
}
