import { FormatError } from '../errors';

/** A layer's configuration, by Keras's names; every refusal names the layer. */
export class LayerConfig {
  constructor(
    private readonly file: string,
    readonly className: string,
    readonly name: string,
    private readonly config: Readonly<Record<string, unknown>>,
  ) {}

  fail(problem: string): never {
    throw new FormatError(this.file, `layer '${this.name}' (${this.className}) ${problem}.`, this.name);
  }

  value(key: string): unknown {
    return Object.hasOwn(this.config, key) ? this.config[key] : undefined;
  }

  number(key: string, fallback?: number): number {
    const value = this.value(key) ?? fallback;
    return typeof value === 'number' && Number.isFinite(value)
      ? value
      : this.fail(`needs a number '${key}', got ${JSON.stringify(value)}`);
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    return typeof value === 'boolean'
      ? value
      : this.fail(`needs true or false for '${key}', got ${JSON.stringify(value)}`);
  }

  text(key: string, fallback: string): string {
    const value = this.value(key) ?? fallback;
    return typeof value === 'string'
      ? value
      : this.fail(`needs a text '${key}', got ${JSON.stringify(value)}`);
  }

  /** One number, or a list of `count`; one is repeated. */
  numbers(key: string, count: number, fallback?: number): readonly number[] {
    const value = this.value(key) ?? fallback;
    const list = Array.isArray(value) ? value : [value];
    const numbers = list.length === 1 ? new Array<unknown>(count).fill(list[0]) : list;
    const valid = numbers.filter(
      (item): item is number => typeof item === 'number' && Number.isInteger(item),
    );
    return valid.length === count && numbers.length === count
      ? valid
      : this.fail(`needs ${count} whole numbers '${key}', got ${JSON.stringify(value)}`);
  }

  /** A list of whole numbers of any length; null in it stands for `open`. */
  list(key: string, open?: number): readonly number[] {
    const value = this.value(key);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const filled = list.map((item) => (item === null ? open : item));
    return filled.map((item) =>
      typeof item === 'number' && Number.isInteger(item)
        ? item
        : this.fail(`needs whole numbers '${key}', got ${JSON.stringify(value)}`),
    );
  }

  /** `[[top, bottom], [left, right]]`, `[vertical, horizontal]` or one number, per dimension. */
  pairs(key: string, count: number, fallback: number): readonly (readonly [number, number])[] {
    const value = this.value(key) ?? fallback;
    const isPair = (item: unknown): item is [number, number] =>
      Array.isArray(item) && item.length === 2 && item.every((part) => Number.isInteger(part));
    if (count === 1 && isPair(value)) return [value];
    if (Array.isArray(value) && value.length === count && value.every(isPair)) return value;
    return this.numbers(key, count, fallback).map((size): readonly [number, number] => [size, size]);
  }

  /** `'linear'`, `'relu'` …; Keras 3 may wrap the name. */
  activation(key = 'activation'): string {
    const value = this.value(key) ?? 'linear';
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && value !== null && 'config' in value && typeof value.config === 'string')
      return value.config;
    return this.fail(`has an activation that the studio does not know: ${JSON.stringify(value)}`);
  }

  /** Refuses a setting that changes the function in a way that is not read. */
  only(key: string, expected: unknown, alsoAbsent = true): void {
    const value = this.value(key);
    if (value === expected || (alsoAbsent && (value === undefined || value === null))) return;
    this.fail(
      `has ${key}=${JSON.stringify(value)}, which the studio does not read; it takes ${JSON.stringify(expected)}`,
    );
  }
}
