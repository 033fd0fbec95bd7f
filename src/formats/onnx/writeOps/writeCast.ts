import { GraphError } from '../../../graph/errors';
import { ELEMENT } from '../file/elementTypes';
import type { OpWriter } from './graphWriter';

/* Changes of element type, by the name that PyTorch has for it. */

const CAST_TO: Readonly<Record<string, number>> = {
  'torch.float32': ELEMENT.FLOAT,
  'torch.float': ELEMENT.FLOAT,
  'torch.float64': ELEMENT.DOUBLE,
  'torch.float16': ELEMENT.FLOAT16,
  'torch.int32': ELEMENT.INT32,
  'torch.int64': ELEMENT.INT64,
  'torch.bool': ELEMENT.BOOL,
};

/** Types that are held in a wider one: what a cast does to a value stays, the type does not. */
const PASSING: Readonly<Record<string, readonly [through: number, back: number]>> = {
  'torch.int8': [ELEMENT.INT8, ELEMENT.INT64],
  'torch.uint8': [ELEMENT.UINT8, ELEMENT.INT64],
  'torch.int16': [ELEMENT.INT16, ELEMENT.INT64],
  'torch.bfloat16': [ELEMENT.BFLOAT16, ELEMENT.FLOAT],
};

export const to: OpWriter<'to'> = (writer, call, output, node) => {
  const passing = PASSING[call.attrs.dtype];
  if (passing) {
    const [through, back] = passing;
    const narrow = writer.freshName(`${output}_narrow`);
    writer.node('Cast', writer.operands(call), narrow, { to: { i: through } });
    writer.node('Cast', [narrow], output, { to: { i: back } });
    writer.define(node.name, output, back);
    return;
  }
  const type = CAST_TO[call.attrs.dtype];
  if (type === undefined)
    throw new GraphError(
      `Node '${node.name}' casts to ${call.attrs.dtype}; ${[...Object.keys(CAST_TO), ...Object.keys(PASSING)].join(', ')} can be written.`,
      node.name,
    );
  writer.node('Cast', writer.operands(call), output, { to: { i: type } });
  writer.define(node.name, output, type);
};
