import { ATEN_ACTIVATIONS } from './atenActivations';
import { ATEN_ARITHMETIC, ATEN_REDUCTIONS } from './atenArithmetic';
import { type AtenRule, type AtenTable, asFunction, dropped, passed } from './atenRule';
import { ATEN_WINDOWS } from './atenWindows';

const F = 'torch.nn.functional';

/** The element type, where the op changes it; otherwise its input. */
const toDType: AtenRule = (call) => {
  const dtype = call.argument('dtype') ?? null;
  if (dtype === null) return passed(call);
  call.ignore('layout', 'device', 'pin_memory', 'non_blocking', 'memory_format', 'copy');
  return call.builder.callMethod(call.name, call.name, 'to', [call.operand('self'), dtype]);
};

/** A tensor made of nothing but numbers. */
const filled =
  (target: string, positional: readonly string[]): AtenRule =>
  (call) => {
    call.ignore('layout', 'device', 'pin_memory', 'memory_format');
    return asFunction(target, positional, { dtype: 'dtype' })(call);
  };

/** Ops that are a function of torch or of torch.nn.functional, called alike. Not all of them are known to every step. */
export const ATEN_FUNCTIONS: AtenTable = {
  ...ATEN_ACTIVATIONS,
  ...ATEN_ARITHMETIC,
  ...ATEN_REDUCTIONS,
  ...ATEN_WINDOWS,

  'full.default': filled('torch.full', ['size', 'fill_value']),
  'zeros.default': filled('torch.zeros', ['size']),
  'ones.default': filled('torch.ones', ['size']),
  'full_like.default': filled('torch.full_like', ['self', 'fill_value']),
  'zeros_like.default': filled('torch.zeros_like', ['self']),
  'ones_like.default': filled('torch.ones_like', ['self']),
  'arange.default': filled('torch.arange', ['end']),
  'arange.start': filled('torch.arange', ['start', 'end']),
  'arange.start_step': filled('torch.arange', ['start', 'end', 'step']),
  'scalar_tensor.default': filled('torch.tensor', ['s']),
  'tril.default': asFunction('torch.tril', ['self', 'diagonal']),
  'triu.default': asFunction('torch.triu', ['self', 'diagonal']),
  'one_hot.default': asFunction(`${F}.one_hot`, ['self', 'num_classes']),

  '_to_copy.default': toDType,
  'to.dtype': toDType,
  'to.dtype_layout': toDType,
  'to.device': passed,
  'clone.default': passed,
  'contiguous.default': passed,
  'alias.default': passed,
  'detach.default': passed,
  'detach_.default': passed,
  'lift_fresh_copy.default': passed,
  '_assert_scalar.default': dropped,
  '_assert_async.msg': dropped,
  '_assert_tensor_metadata.default': dropped,
  'sym_constrain_range.default': dropped,
  'sym_constrain_range_for_size.default': dropped,
};
