import type { Dataset } from '../../formats/dataset';

/** What is odd about the values of data, for the user to know before anything is computed of them. */
export function valueNotes({ arrays }: Dataset): readonly string[] {
  return Object.entries(arrays).flatMap(([name, { data }]) => {
    const of = name === '' ? '' : ` of ${name}`;
    let odd = 0;
    let isZero = data.length > 0;
    for (let i = 0; i < data.length; i++) {
      const value = data[i] ?? 0;
      if (!Number.isFinite(value)) odd += 1;
      if (value !== 0) isZero = false;
    }
    if (isZero) return [`All values${of} are zero: calibration learns no range from them`];
    if (odd === data.length && odd > 0)
      return [`All values${of} are NaN or infinite: nothing can be calibrated on them`];
    return odd === 0 ? [] : [`${odd} of ${data.length} values${of} are NaN or infinite: check the file`];
  });
}
