/** The Python literals that stand in .npy headers. Tuples and lists are both arrays. */
export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>;

const MAX_DEPTH = 8;
const TOKEN = /\s*(?:([{}()[\],:])|'([^'\\]*)'|"([^"\\]*)"|(-?\d+)L?(?![\w.])|(True|False|None)\b)/y;
const NAMED: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

type Token = { readonly mark: string } | { readonly value: string | number | boolean | null };

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let position = 0;
  while (position < end) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`unexpected text at character ${position}`);
    position = TOKEN.lastIndex;
    const [, mark, single, double, digits, word] = match;
    if (mark !== undefined) tokens.push({ mark });
    else if (digits !== undefined) tokens.push({ value: Number(digits) });
    else if (word !== undefined) tokens.push({ value: NAMED.get(word) ?? null });
    else tokens.push({ value: single ?? double ?? '' });
  }
  return tokens;
}

class Parser {
  private position = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Literal {
    const value = this.value(0);
    if (this.position < this.tokens.length) throw new SyntaxError('more than one value');
    return value;
  }

  private value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    const token = this.tokens[this.position++];
    if (!token) throw new SyntaxError('it breaks off');
    if ('value' in token) return token.value;
    if (token.mark === '(') return this.list(')', depth);
    if (token.mark === '[') return this.list(']', depth);
    if (token.mark === '{') return this.dict(depth);
    throw new SyntaxError(`unexpected '${token.mark}'`);
  }

  private accept(mark: string): boolean {
    const token = this.tokens[this.position];
    if (!token || !('mark' in token) || token.mark !== mark) return false;
    this.position++;
    return true;
  }

  private expect(mark: string): void {
    if (!this.accept(mark)) throw new SyntaxError(`'${mark}' is missing`);
  }

  private list(end: string, depth: number): readonly Literal[] {
    const items: Literal[] = [];
    while (!this.accept(end)) {
      items.push(this.value(depth + 1));
      if (this.accept(',')) continue;
      this.expect(end);
      break;
    }
    return items;
  }

  private dict(depth: number): ReadonlyMap<string, Literal> {
    const entries = new Map<string, Literal>();
    while (!this.accept('}')) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw new SyntaxError('a key is not a string');
      this.expect(':');
      entries.set(key, this.value(depth + 1));
      if (this.accept(',')) continue;
      this.expect('}');
      break;
    }
    return entries;
  }
}

/** Parses a Python literal of dicts, tuples, lists, strings, integers, True, False and None; throws a SyntaxError. */
export const parseLiteral = (text: string): Literal => new Parser(tokenize(text)).parse();
