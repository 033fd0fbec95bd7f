export type CsvField = string | number | null;

/** Figures in full; what is not known stays empty, what is not finite has the words of Python and R. */
function textOf(field: CsvField): string {
  if (field === null) return '';
  if (typeof field === 'string') return field;
  if (Number.isNaN(field)) return 'nan';
  return Number.isFinite(field) ? String(field) : field > 0 ? 'inf' : '-inf';
}

/** RFC 4180: a field with a comma, a quote or a line break stands in quotes, its own quotes twice. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Every line ends in CR LF, the last one too. */
export const csvOf = (lines: readonly (readonly CsvField[])[]): string =>
  lines.map((fields) => `${fields.map((field) => quoted(textOf(field))).join(',')}\r\n`).join('');
