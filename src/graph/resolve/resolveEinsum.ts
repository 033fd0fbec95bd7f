import { type Argument, isNodeRef } from '../node';
import type { OpCall, Operand } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';

/** `torch.einsum('bhqd,bhkd->bhqk', q, k)`, the tensors one by one or in a list. */
export function einsum(node: Call): OpCall {
  const [equation, ...rest] = node.args;
  const args = new CallArguments({ ...node, args: [equation ?? null] }, ['equation']);
  const [first] = rest;
  const tensors: readonly Argument[] = rest.length === 1 && Array.isArray(first) ? first : rest;
  if (typeof equation !== 'string') return args.fail("needs a string for 'equation'");
  const operands = tensors.map(
    (tensor): Operand =>
      isNodeRef(tensor)
        ? { kind: 'node', node: tensor.node }
        : args.fail(`needs tensors behind the equation, got ${JSON.stringify(tensor)}`),
  );
  return { op: 'einsum', operands, attrs: { equation } };
}
