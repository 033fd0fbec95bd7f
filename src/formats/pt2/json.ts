import { FormatError } from '../errors';
import { parsedJson } from '../parsedJson';

/** A whole JSON string, or one of the three numbers that Python's json writes and JSON does not have. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g;

const message = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** Parses JSON as Python writes it: bare `Infinity` and `NaN` become the strings that newer versions write. */
export function parsePythonJson(bytes: Uint8Array, file: string, what: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (reason) {
    throw new FormatError(file, `${what} is not UTF-8 text (${message(reason)}). The file is damaged.`);
  }
  try {
    return parsedJson(text);
  } catch {
    // Perhaps only because of an infinite number: quoting those costs time on a long text, so it is done where needed.
    const quoted = text.replace(TOKENS, (token) => (token.startsWith('"') ? token : `"${token}"`));
    try {
      return parsedJson(quoted);
    } catch (reason) {
      throw new FormatError(file, `${what} is not JSON (${message(reason)}). The file is damaged.`);
    }
  }
}
