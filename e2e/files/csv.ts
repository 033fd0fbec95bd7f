/** The fields of a CSV file as RFC 4180 has it, line by line; a quoted field may hold commas, quotes and line breaks. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let fields: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    lines.push(fields);
    fields = [];
  }
  // The last line ends in CR LF too: what comes after it is one empty field.
  return lines.filter((line) => line.length > 1 || line[0] !== '');
}
