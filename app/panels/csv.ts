export type CsvField = string | number | null;

/**
 * Spreadsheets take a text that begins so for a formula, and names come from files of others: an apostrophe before it makes
 * it text again (OWASP, "CSV Injection"). Figures are numbers, never texts, so that their minus sign stays.
 */
const FORMULA = /^[=+\-@\t\r]/;
const asText = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Figures in full; what is not known stays empty, what is not finite has the words of Python and R. */
function textOf(field: CsvField): string {
  if (field === null) return '';
  if (typeof field === 'string') return asText(field);
  if (Number.isNaN(field)) return 'nan';
  return Number.isFinite(field) ? String(field) : field > 0 ? 'inf' : '-inf';
}

/** RFC 4180: a field with a comma, a quote or a line break stands in quotes, its own quotes twice. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Every line ends in CR LF, the last one too. */
export const csvOf = (lines: readonly (readonly CsvField[])[]): string =>
  lines.map((fields) => `${fields.map((field) => quoted(textOf(field))).join(',')}\r\n`).join('');
