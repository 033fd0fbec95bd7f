const observed = (value: string, input: string) =>
  `    %${value} : [#users=1] = call_module[target=${value}](args = (%${input},), kwargs = {})`;
const PLACEHOLDER = '    %x : [#users=1] = placeholder[target=x]';
const SCALED = [
  '    %x_equalization_scale0 : [#users=1] = get_attr[target=x_equalization_scale0]',
  '    %mul : [#users=1] = call_function[target=torch.mul](args = (%x, %x_equalization_scale0), kwargs = {})',
];

/**
 * The graphs of Linear2Module as pytorch/pytorch#60034 prints them, but for the scale's name, which follows the code
 * (`get_new_attr_name_with_prefix`).
 */
export const PREPARED = [
  'graph():',
  PLACEHOLDER,
  observed('x_activation_post_process_0', 'x'),
  observed('x_activation_post_process_0_equalization_process_0', 'x_activation_post_process_0'),
  observed('linear1', 'x_activation_post_process_0_equalization_process_0'),
  observed('linear1_activation_post_process_0', 'linear1'),
  observed('linear1_activation_post_process_0_equalization_process_0', 'linear1_activation_post_process_0'),
  observed('linear2', 'linear1_activation_post_process_0_equalization_process_0'),
  observed('linear2_activation_post_process_0', 'linear2'),
  '    return linear2_activation_post_process_0',
].join('\n');

export const EQUALIZED = [
  'graph():',
  PLACEHOLDER,
  ...SCALED,
  observed('x_activation_post_process_0', 'mul'),
  observed('linear1', 'x_activation_post_process_0'),
  observed('linear1_activation_post_process_0', 'linear1'),
  observed('linear2', 'linear1_activation_post_process_0'),
  observed('linear2_activation_post_process_0', 'linear2'),
  '    return linear2_activation_post_process_0',
].join('\n');

export const CONVERTED = [
  'graph():',
  PLACEHOLDER,
  ...SCALED,
  '    %linear1_input_scale_0 : [#users=1] = get_attr[target=linear1_input_scale_0]',
  '    %linear1_input_zero_point_0 : [#users=1] = get_attr[target=linear1_input_zero_point_0]',
  '    %quantize_per_tensor : [#users=1] = call_function[target=torch.quantize_per_tensor](args = (%mul, %linear1_input_scale_0, %linear1_input_zero_point_0, torch.quint8), kwargs = {})',
  observed('linear1', 'quantize_per_tensor'),
  observed('linear2', 'linear1'),
  '    %dequantize : [#users=1] = call_method[target=dequantize](args = (%linear2,), kwargs = {})',
  '    return dequantize',
].join('\n');
