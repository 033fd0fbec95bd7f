import { type ParamName, paramName } from '../graph/ids';

/** `prefix0`, or the first number not taken (torch/ao/quantization/fx/utils.py, `get_new_attr_name_with_prefix`). */
export function freeParamName(prefix: string, taken: Readonly<Record<ParamName, unknown>>): ParamName {
  const clean = prefix.replaceAll('.', '_');
  let number = 0;
  while (Object.hasOwn(taken, `${clean}${number}`)) number++;
  return paramName(`${clean}${number}`);
}
