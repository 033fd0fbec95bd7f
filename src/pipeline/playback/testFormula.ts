/* Reads a printed formula and computes it, by a grammar of its own. For tests only. */

const TOKEN = /\s*(−?\d+(?:\.\d+)?(?:e[+−]?\d+)?|[a-z]+|[()+·/^,]|−)/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const place = TOKEN.lastIndex;
    const found = TOKEN.exec(text)?.[1];
    if (found === undefined) throw new Error(`what is '${text.slice(place)}' in '${text}'?`);
    const before = tokens.at(-1);
    const isOperand = before !== undefined && /[\d)]$/.test(before);
    // A minus behind an operand takes away; elsewhere it belongs to its number.
    if (found.length > 1 && found.startsWith('−') && isOperand) {
      tokens.push('−');
      TOKEN.lastIndex -= found.length - 1;
    } else tokens.push(found);
  }
  return tokens;
}

function half(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) * 1 : Math.round(value);
}

const CALLS: Readonly<Record<string, (...args: number[]) => number>> = {
  sqrt: Math.sqrt,
  round: half,
  max: Math.max,
  min: Math.min,
  clamp: (value, low, high) => Math.min(Math.max(value, low), high),
};

/** The value of `sqrt((0.82 − −0.79) / (41.2 − −39.9))`. */
export function computed(text: string): number {
  const tokens = tokensOf(text);
  const next = (): string => tokens.shift() ?? '';
  const accept = (token: string) => tokens[0] === token && tokens.shift() !== undefined;
  const sum = (): number => {
    let value = product();
    while (tokens[0] === '+' || tokens[0] === '−')
      value = next() === '+' ? value + product() : value - product();
    return value;
  };
  const product = (): number => {
    let value = power();
    while (tokens[0] === '·' || tokens[0] === '/') value = next() === '·' ? value * power() : value / power();
    return value;
  };
  const power = (): number => {
    const base = atom();
    return accept('^') ? base ** atom() : base;
  };
  const atom = (): number => {
    const token = next();
    if (token === '(') {
      const value = sum();
      if (!accept(')')) throw new Error(`a bracket is open in '${text}'`);
      return value;
    }
    const call = CALLS[token];
    if (call === undefined) return Number(token.replaceAll('−', '-'));
    if (!accept('(')) throw new Error(`'${token}' has no arguments in '${text}'`);
    const args = [sum()];
    while (accept(',')) args.push(sum());
    if (!accept(')')) throw new Error(`a bracket is open in '${text}'`);
    return call(...args);
  };
  const value = sum();
  if (tokens.length > 0) throw new Error(`'${tokens.join(' ')}' is left of '${text}'`);
  return value;
}
