import type { GraphIndex } from '../graph';
import type { Model } from '../model';
import type { Dims } from '../moduleTypes';
import type { OpCall, PadMode } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { integersAttr, type ModuleCall, numberAttr, refuse } from './moduleAttributes';
import { extentArguments, sizeOperands } from './resolveSize';

const MODES: ReadonlyMap<unknown, PadMode> = new Map([
  ['constant', 'constant'],
  ['reflect', 'reflect'],
  ['replicate', 'replicate'],
  ['circular', 'circular'],
]);

/** `F.pad(x, (left, right, top, bottom), mode, value)`. */
export function pad(node: Call, _: Model, index: GraphIndex): OpCall {
  const args = new CallArguments(node, ['input', 'pad', 'mode', 'value']);
  const pads = extentArguments(args, 'pad', index) ?? [];
  const stated = args.value('mode') ?? 'constant';
  const mode = MODES.get(stated);
  if (!mode)
    return args.fail(
      `with mode=${JSON.stringify(stated)} is not known; ${[...MODES.values()].join(', ')} are`,
    );
  if (pads.length % 2 !== 0)
    return args.fail(`needs two numbers an axis for 'pad', got ${pads.length} in all`);
  return {
    op: 'pad',
    operands: [args.operand('input'), ...sizeOperands(pads)],
    attrs: { pads, mode, value: args.number('value', 0) },
  };
}

/** `nn.ZeroPad2d`, `nn.ReflectionPad1d` and their like: one number for all sides, or one for each. */
export const padModule =
  (dims: Dims, mode: PadMode, hasValue: boolean) =>
  (call: ModuleCall): OpCall => {
    const stated = integersAttr(call, 'padding');
    const [all] = stated;
    const pads = stated.length === 1 && all !== undefined ? new Array<number>(2 * dims).fill(all) : stated;
    if (pads.length !== 2 * dims)
      return refuse(call, `attribute 'padding' must be one or ${2 * dims} whole numbers`);
    const value = hasValue ? numberAttr(call, 'value') : 0;
    return { op: 'pad', operands: call.operands, attrs: { pads, mode, value } };
  };
