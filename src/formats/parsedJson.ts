/*
 * JSON of a file, bounded before it is parsed: `{}` is two bytes of a text and some hundred of memory, once it is parsed and
 * checked against a schema.
 */

/** What values may take beyond four times the text; a node of a graph of 90 bytes takes about 900. */
const FREE_BYTES = 48 * 2 ** 20;
/** About what V8 and a schema's copy take for an object or list, and for an entry of one. */
const COST = { object: 160, entry: 24 } as const;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a text of JSON would take in memory as values; structure inside of strings does not count. */
function costOf(text: string): number {
  let cost = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) cost += COST.object;
    else if (code === 0x2c || code === 0x3a) cost += COST.entry;
  }
  return cost;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/** `JSON.parse`, of a text that does not take far more memory than its length; otherwise a RangeError, in words. */
export function parsedJson(text: string): unknown {
  const most = 4 * text.length + FREE_BYTES;
  const cost = costOf(text);
  if (cost > most)
    throw new RangeError(
      `its ${text.length} characters hold so many parts that they would take ${cost} bytes of memory; at most ${most} are given to them`,
    );
  const parsed: unknown = JSON.parse(text);
  return parsed;
}
