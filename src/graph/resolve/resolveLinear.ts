import type { GraphIndex } from '../graph';
import { paramOf } from '../ids';
import type { Model } from '../model';
import type { OpCall } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { type ModuleCall, numberAttr } from './moduleAttributes';

/** `nn.Linear` and its fused form. */
export const linearModule =
  (relu: boolean) =>
  (call: ModuleCall): OpCall<'linear'> => ({
    op: 'linear',
    operands: call.operands,
    attrs: {
      weight: paramOf(call.target, 'weight'),
      bias: call.spec.attrs.bias === false ? null : paramOf(call.target, 'bias'),
      inFeatures: numberAttr(call, 'in_features'),
      outFeatures: numberAttr(call, 'out_features'),
      relu,
      functional: false,
    },
  });

/** `F.linear(x, weight, bias)`: weight and bias must be constants, that is `get_attr` nodes. */
export function linearFunction(node: Call, model: Model, index: GraphIndex): OpCall<'linear'> {
  const args = new CallArguments(node, ['input', 'weight', 'bias']);
  const { param: weight, grid } = args.tensor('weight', model, index) ?? args.fail("needs a 'weight'");
  const shape = model.params[weight]?.shape ?? [];
  const [outFeatures, inFeatures] = shape;
  if (outFeatures === undefined || inFeatures === undefined || shape.length !== 2)
    return args.fail(`needs a weight of 2 axes; '${weight}' has shape [${shape.join(', ')}]`);
  return {
    op: 'linear',
    operands: [args.operand('input')],
    attrs: {
      weight,
      bias: args.constant('bias', model, index),
      inFeatures,
      outFeatures,
      relu: false,
      functional: true,
      ...(grid && { weightGrid: grid }),
    },
  };
}
