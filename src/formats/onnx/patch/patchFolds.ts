import { GraphError } from '../../../graph/errors';
import { type ParamName, paramOf } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import { asFloat } from '../../../graph/tensor';
import { floatProto } from '../file/tensorWrite';
import type { OnnxOrigin } from '../origin';
import type { Constants } from '../reader/constants';
import type { Fold } from './folds';
import type { PatchedGraph } from './patchedGraph';
import { elementTypeOf, patchBias, patchPlace, patchWeight } from './patchPlaces';

/** The file as the studio's model has it: behind a folded layer stands the value of its batch normalization. */
export function withFoldedValues(origin: OnnxOrigin, folds: readonly Fold[]): OnnxOrigin {
  const values = { ...origin.values };
  for (const { layer, norm } of folds) {
    const value = origin.values[norm];
    if (value) values[layer] = value;
  }
  return { ...origin, values };
}

/**
 * Puts the tensors of layers that took in a batch normalization into the file:
 *
 *     x → Conv(W) → BatchNormalization → y        becomes        x → Conv(W of both) → Add(b of both) → y
 *
 * or an Identity in the Add's place, where the file has a bias of the layer to hold it. A layer that equalization left
 * as it was folded stays in the file as it is, normalization and all. Gives the tensors that have found their place.
 */
export function patchFolds(
  origin: OnnxOrigin,
  patched: PatchedGraph,
  constants: Constants,
  folds: readonly Fold[],
  changed: readonly ParamName[],
  current: Model,
): ReadonlySet<ParamName> {
  const done = new Set<ParamName>();
  for (const fold of folds) {
    const [weight, bias] = [paramOf(fold.module, 'weight'), paramOf(fold.module, 'bias')];
    if (!changed.includes(weight) && !changed.includes(bias)) continue;
    const index = origin.nodes[fold.norm];
    if (index === undefined)
      throw new GraphError(`internal: '${fold.norm}' is no node of the ONNX file.`, fold.norm);
    const [matrix, vector] = [asFloat(current.params[weight], weight), asFloat(current.params[bias], bias)];
    const [linear, conv] = [origin.linears[fold.module], origin.convs[fold.module]];
    const place = (linear ?? conv)?.bias ?? null;
    const [input = ''] = patched.node(index).input;
    if (linear) patchWeight(patched, constants, linear, weight, matrix);
    else if (conv)
      patchPlace(patched, constants, { index: conv.nodeIndex, input: 1 }, conv.weight, weight, matrix);
    if (place) {
      if (linear) patchBias(patched, constants, linear, bias, vector);
      else patchBias(patched, constants, { bias: place, axes: matrix.shape.length - 2 }, bias, vector);
      patched.replaceNode(index, 'Identity', [input]);
    } else {
      const elementType = elementTypeOf(constants, linear?.weightInitializer ?? conv?.weight ?? '');
      const behind = new Array<number>(matrix.shape.length - 2).fill(1);
      const name = patched.freshName(bias);
      patched.addInitializer(floatProto(name, [vector.data.length, ...behind], vector.data, elementType));
      patched.replaceNode(index, 'Add', [input, name]);
    }
    done.add(weight).add(bias);
  }
  return done;
}
