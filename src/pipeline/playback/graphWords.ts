import { GraphIndex } from '../../graph/graph';
import type { Node } from '../../graph/node';
import { inputsOf } from '../../graph/node';
import { isObserved } from '../nodeDetail';
import type { ChangeOfKind } from './explained';
import type { Phase } from './phases';

/* Why edges changed and nodes went, in words. */

type Part =
  | 'observer'
  | 'equalization'
  | 'weight-observer'
  | 'quantize'
  | 'dequantize'
  | 'constant'
  | 'mul'
  | 'op';

function partOf({ before, after }: Phase, node: Node): Part {
  if (node.op === 'get_attr') return 'constant';
  if (node.op === 'call_method' && node.target === 'dequantize') return 'dequantize';
  if (node.target.startsWith('torch.quantize_per_')) return 'quantize';
  if (node.target === 'torch.mul') return 'mul';
  const model = [before, after].find((candidate) => node.op === 'call_module' && isObserved(candidate));
  if (!model || !isObserved(model) || node.op !== 'call_module') return 'op';
  if (Object.hasOwn(model.observers, node.target)) return 'observer';
  if (Object.hasOwn(model.equalizationObservers, node.target)) return 'equalization';
  return Object.hasOwn(model.weightObservers, node.target) ||
    Object.hasOwn(model.weightEqualizationObservers, node.target)
    ? 'weight-observer'
    : 'op';
}

export function removedWords(phase: Phase, { node, next }: ChangeOfKind<'remove'>): string {
  const isConverting = isObserved(phase.before) && !isObserved(phase.after);
  switch (partOf(phase, node)) {
    case 'observer':
    case 'weight-observer':
      return isConverting
        ? 'What it saw stands in the scale and zero point of the nodes in its place.'
        : 'Its value is quantized elsewhere: it would round values twice.';
    case 'equalization':
      return isConverting
        ? 'It only looked; the layer behind it was left as it is.'
        : 'The ranges that it saw have become the scale: nothing is left for it to look at.';
    case 'quantize':
      return `${inputsOf(node)[0] ?? 'The op in front of it'} writes on this grid itself${next === null ? '' : `, and ${next} reads its levels`}.`;
    case 'dequantize':
      return 'Nothing reads the float values any more: the ops behind take the levels.';
    case 'constant':
      return 'Its number is now an attribute of the op that used it.';
    case 'mul':
    case 'op':
      return isObserved(phase.before)
        ? 'No output of the model depends on it.'
        : 'Its work is done elsewhere: nothing reads it any more.';
    default:
      return 'Nothing reads it any more.';
  }
}

export function rewiredWords(phase: Phase, { before, after }: ChangeOfKind<'rewire'>): string {
  if (before.target !== after.target)
    return before.op === after.op
      ? `It was ${before.target}: one int8 op does the work of the op and of the step to its grid.`
      : `It was a ${before.op} and is a ${after.op} now.`;
  const known = new Set(inputsOf(before));
  const [name] = inputsOf(after).filter((input) => !known.has(input));
  const index = [phase.after, phase.before].map(({ graph }) => new GraphIndex(graph));
  const read = name === undefined ? undefined : (index[0]?.find(name) ?? index[1]?.find(name));
  if (!read) return '';
  switch (partOf(phase, read)) {
    case 'observer':
    case 'weight-observer':
      return isObserved(phase.before) && !isObserved(phase.after)
        ? ''
        : `The value passes ${read.name} on its way, unchanged, and is measured there.`;
    case 'equalization':
      return `The value passes ${read.name} on its way, unchanged, and every column is measured there.`;
    case 'mul':
      return `It must see the values that ${read.name} has scaled: those are what int8 has to hold.`;
    case 'quantize':
      return `It takes int8 levels: the step back to float in front of it falls away.`;
    case 'dequantize':
      return `It reads the value from its grid, as int8 will hold it.`;
    case 'constant':
    case 'op':
      return `What stood between ${read.name} and ${after.name} has gone.`;
    default:
      return '';
  }
}

export const movedWords = ({ node, from, next }: ChangeOfKind<'move'>): string =>
  `Only the order of the lines changes: ${node.name} ran in front of ${from ?? 'the end'}, and now runs in front of ${next ?? 'the end'}. The edges are the same.`;

export const renamedWords = ({ names }: ChangeOfKind<'rename'>): string =>
  `${names.length === 1 ? '1 node gets the name that convert_fx gives it' : `${names.length} nodes get the names that convert_fx gives them`}${names[0] ? `: ${names[0][0]} becomes ${names[0][1]}` : ''}.`;
