import type { NodeRef } from '../../graph/node';
import { floatTensor } from '../../graph/tensor';
import type { AtenCall } from './atenCall';
import type { AtenRule, AtenTable } from './atenRule';

/** 16 MiB: 2048 tokens against 2048. */
const MAX_MASK = 2 ** 22;

/** What a query may not see: minus infinity above the diagonal of `[queries, keys]`. */
function causalMask(queries: number, keys: number): Float32Array {
  const mask = new Float32Array(queries * keys);
  for (let q = 0; q < queries; q++)
    mask.fill(Number.NEGATIVE_INFINITY, q * keys + Math.min(q + 1, keys), (q + 1) * keys);
  return mask;
}

function masked(call: AtenCall, scores: NodeRef): NodeRef {
  const mask = call.tensorName('attn_mask');
  if (call.flag('is_causal', false)) {
    if (mask !== null) call.fail('has a mask and is causal as well');
    const [queries, keys] = [call.shapeOf('query')?.at(-2), call.shapeOf('key')?.at(-2)];
    if (typeof queries !== 'number' || typeof keys !== 'number')
      return call.fail('is causal over an open number of tokens; export the model with a fixed one');
    if (queries * keys > MAX_MASK)
      return call.fail(`is causal over ${queries} × ${keys} tokens; a mask has at most ${MAX_MASK} entries`);
    const constant = call.builder.constant(
      `${call.name}_mask`,
      floatTensor([queries, keys], causalMask(queries, keys)),
    );
    return call.step('masked', 'torch.add', [scores, constant]);
  }
  if (mask === null) return scores;
  if (call.builder.dtypeOf(mask) === 'bool') {
    const hidden = call.step('hidden', 'torch.logical_not', [call.operand('attn_mask')]);
    return call.step('masked', 'torch.masked_fill', [scores, hidden, Number.NEGATIVE_INFINITY]);
  }
  return call.step('masked', 'torch.add', [scores, call.operand('attn_mask')]);
}

/**
 * `softmax(q · kᵀ · scale + mask) · v` with scale 1 / √width unless stated (torch.nn.functional's documentation of
 * scaled_dot_product_attention), written out, so that its products are layers like others.
 */
const attention: AtenRule = (call) => {
  call.only('dropout_p', 0);
  call.only('enable_gqa', false);
  call.only('return_debug_mask', false);
  const width = call.shapeOf('query')?.at(-1);
  const stated = call.value('scale') ?? null;
  const scale = typeof stated === 'number' ? stated : typeof width === 'number' ? 1 / Math.sqrt(width) : null;
  if (scale === null) return call.fail('has a query of open width; export the model with a fixed one');
  const keys = call.step('keys', 'torch.transpose', [call.operand('key'), -2, -1]);
  const products = call.step('products', 'torch.matmul', [call.operand('query'), keys]);
  const scores = masked(call, call.step('scores', 'torch.mul', [products, scale]));
  const weights = call.builder.callFunction(`${call.name}_weights`, null, 'torch.softmax', [scores, -1]);
  return call.call('torch.matmul', [weights, call.operand('value')]);
};

export const ATEN_ATTENTION: AtenTable = {
  'scaled_dot_product_attention.default': attention,
  '_scaled_dot_product_flash_attention_for_cpu.default': attention,
  '_scaled_dot_product_flash_attention.default': attention,
  '_scaled_dot_product_efficient_attention.default': attention,
  '_scaled_dot_product_attention_math.default': attention,
};
