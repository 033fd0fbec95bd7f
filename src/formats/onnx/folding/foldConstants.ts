import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { CONSTANT_RULES } from './constantRules';
import { type HostArray, hostArray, hostProto, inexact, withRoom, wrapped } from './hostArray';

/** Larger results are computed when the model runs. */
const MAX_SIZE = 2 ** 26;
/** What folding may add in all to what the file holds: a few bytes can ask for a tensor of any size. */
const MAX_GROWTH = 2 ** 20;
const growth = new WeakMap<GraphReader, number>();

/**
 * Takes in a node of which all inputs are constants: its outputs are constants from then on. False for any other node,
 * and for one that has no rule.
 */
export function foldConstants(reader: GraphReader, node: OnnxNode): boolean {
  const { opType, input, output } = node.proto;
  const rule = Object.hasOwn(CONSTANT_RULES, opType) ? CONSTANT_RULES[opType] : undefined;
  if (!rule || !input.every((name) => name === '' || reader.constants.has(name))) return false;
  // What makes a tensor out of nothing is left to run where it has no input at all.
  if (input.length === 0) return false;
  const inputs = input.map((name) => (name === '' ? null : hostArray(reader, name)));
  if (inputs.some((x) => x !== null && x.data.length > MAX_SIZE)) return false;
  const given = inputs.reduce((sum, x) => sum + (x?.data.length ?? 0), 0);
  const left = growth.get(reader) ?? MAX_GROWTH;
  const results = withRoom(Math.min(MAX_SIZE, given + left), () => rule(node, inputs, reader.opset));
  if (!results || results.some((x) => x.data.length > MAX_SIZE)) return false;
  const grown = results.reduce((sum, x) => sum + x.data.length, -given);
  growth.set(reader, left - Math.max(0, grown));
  output.forEach((name, i) => {
    const result = results[i];
    if (name === '' || !result) return;
    reader.constants.fold(name, hostProto(name, checked(node, result)));
  });
  return true;
}

/** Whole numbers within their type, once they are known to be exact. */
function checked(node: OnnxNode, result: HostArray): HostArray {
  const wrong = inexact(result);
  if (wrong !== undefined)
    node.fail(
      `computes the whole number ${wrong}; whole numbers up to 2^53 − 1 are supported. Give the shape as a constant.`,
    );
  return wrapped(result);
}
