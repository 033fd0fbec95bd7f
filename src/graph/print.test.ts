import { expect, it } from 'vitest';
import type { Argument } from './node';
import { printGraph, printNode } from './print';
import { callFunction, callMethod, callModule, constant, output, placeholder, to } from './testGraph';

/** `print(graph)` of PyTorch 1.13.1 for the same calls made with torch.fx.Graph; its tuples inside arguments are lists here. */
const TORCH = `graph():
    %x : [#users=3] = placeholder[target=x]
    %mask : [#users=0] = placeholder[target=mask](default=None)
    %k : [#users=0] = placeholder[target=k](default=2)
    %block_weight : [#users=2] = get_attr[target=block.weight]
    %block_fc : [#users=1] = call_module[target=block.fc](args = (%x,), kwargs = {})
    %linear : [#users=1] = call_function[target=torch._C._nn.linear](args = (%block_fc, %block_weight, None), kwargs = {})
    %relu : [#users=2] = call_function[target=torch.nn.functional.relu](args = (%linear,), kwargs = {inplace: False})
    %dropout : [#users=1] = call_function[target=torch.nn.functional.dropout](args = (%relu,), kwargs = {p: 0.1, training: True})
    %cat : [#users=1] = call_function[target=torch.cat](args = ([%relu, %dropout],), kwargs = {dim: -1})
    %to : [#users=1] = call_method[target=to](args = (%cat, torch.float16), kwargs = {})
    %view : [#users=2] = call_method[target=view](args = (%to, -1, [2, 3]), kwargs = {})
    %getitem : [#users=1] = call_function[target=operator.getitem](args = (%view, [slice(None, 3, None), Ellipsis, None]), kwargs = {})
    %getitem_1 : [#users=0] = call_function[target=operator.getitem](args = (%view, slice(x, 3, None)), kwargs = {})
    %layer_norm : [#users=1] = call_function[target=torch.nn.functional.layer_norm](args = (%getitem, [4]), kwargs = {eps: 1e-05, weight: %block_weight})
    %add : [#users=1] = call_function[target=torch.add](args = (%layer_norm, 1.5e-07), kwargs = {alpha: 123456789.5})
    %mul : [#users=2] = call_function[target=torch.mul](args = (%add, -0.0001), kwargs = {})
    %full : [#users=0] = call_function[target=torch.full](args = ([2], inf), kwargs = {})
    %sum_1 : [#users=1] = call_function[target=torch.sum](args = (%mul,), kwargs = {opts: {a: %x, b: True, c: mean}})
    %zeros : [#users=0] = call_function[target=torch.zeros](args = (), kwargs = {})
    return (sum_1, mul)`;

it('prints a graph as torch.fx does', () => {
  const slices: Argument = [{ slice: [null, 3, null] }, { ellipsis: true }, null];
  const nodes = [
    placeholder('x'),
    placeholder('mask', null),
    placeholder('k', 2),
    constant('block_weight', 'block.weight'),
    callModule('block_fc', 'block.fc', [to('x')]),
    callFunction('linear', 'torch._C._nn.linear', [to('block_fc'), to('block_weight'), null]),
    callFunction('relu', 'torch.nn.functional.relu', [to('linear')], { inplace: false }),
    callFunction('dropout', 'torch.nn.functional.dropout', [to('relu')], { p: 0.1, training: true }),
    callFunction('cat', 'torch.cat', [[to('relu'), to('dropout')]], { dim: -1 }),
    callMethod('to', 'to', [to('cat'), { dtype: 'torch.float16' }]),
    callMethod('view', 'view', [to('to'), -1, [2, 3]]),
    callFunction('getitem', 'operator.getitem', [to('view'), slices]),
    callFunction('getitem_1', 'operator.getitem', [to('view'), { slice: [to('x'), 3, null] }]),
    callFunction('layer_norm', 'torch.nn.functional.layer_norm', [to('getitem'), [4]], {
      eps: 1e-5,
      weight: to('block_weight'),
    }),
    callFunction('add', 'torch.add', [to('layer_norm'), 1.5e-7], { alpha: 123456789.5 }),
    callFunction('mul', 'torch.mul', [to('add'), -0.0001]),
    callFunction('full', 'torch.full', [[2], Number.POSITIVE_INFINITY]),
    callFunction('sum_1', 'torch.sum', [to('mul')], { opts: { dict: { a: to('x'), b: true, c: 'mean' } } }),
    callFunction('zeros', 'torch.zeros'),
    output([to('sum_1'), to('mul')]),
  ];
  expect(printGraph({ nodes })).toBe(TORCH);
});

/** `Node.format_node()` of an output node in PyTorch 1.13.1; a list prints as the tuple that `forward` returns. */
const OUTPUTS: readonly (readonly [Argument, string])[] = [
  [to('t'), 'return t'],
  [[to('t')], 'return (t,)'],
  [{ dict: { logits: to('t'), hidden: to('q') } }, "return {'logits': t, 'hidden': q}"],
  [null, 'return None'],
  [3, 'return 3'],
  [1e-5, 'return 1e-05'],
  [[to('t'), null, 1.5], 'return (t, None, 1.5)'],
  ['mean', 'return mean'],
  [['a', to('t')], "return ('a', t)"],
  [[to('t'), { dict: { a: to('q') } }], "return (t, {'a': q})"],
  [
    [{ slice: [to('t'), null, null] }, { ellipsis: true }, { dtype: 'torch.float32' }],
    'return (slice(t, None, None), Ellipsis, torch.float32)',
  ],
];

it.each(OUTPUTS)('prints the output %j as torch.fx does', (value, text) => {
  expect(printNode(output(value), 0)).toBe(text);
});

/** `str(number)` of Python. */
it.each([
  [0.1, '0.1'],
  [1e-4, '0.0001'],
  [0.00012345, '0.00012345'],
  [1e-5, '1e-05'],
  [-2.5e-5, '-2.5e-05'],
  [2 ** -23, '1.1920928955078125e-07'],
  [1e-10, '1e-10'],
  [1e-100, '1e-100'],
  [1 / 3, '0.3333333333333333'],
  [Number.NaN, 'nan'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('prints the number %d as Python does', (number, text) => {
  expect(printNode(callFunction('f', 'torch.f', [number]), 0)).toContain(`(args = (${text},)`);
});

it('a percent sign in a string stays in the output', () => {
  expect(printNode(output(['50%', to('t')]), 0)).toBe("return ('50%', t)");
});
