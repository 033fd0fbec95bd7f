/** `1 column`, `1,797 columns`; `many` where the plural is not the noun with an s. */
export const counted = (number: number, noun: string, many = `${noun}s`): string =>
  `${number.toLocaleString('en-US')} ${number === 1 ? noun : many}`;
