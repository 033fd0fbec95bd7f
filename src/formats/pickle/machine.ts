import { formatBytes } from '../readRange';
import type { PickleCursor } from './cursor';
import {
  PickleDict,
  PickleFunction,
  PickleList,
  PickleSet,
  PickleTuple,
  type PickleValue,
  type PickleWorld,
  showPickle,
} from './value';

/**
 * What the values of a pickle may take in memory beyond four times its own size. A byte can make a dict of a hundred times
 * its size, and a call can copy a list that was made before; a tensor's entry of 250 bytes takes about 1600.
 */
const FREE_BYTES = 48 * 2 ** 20;
/** About what V8 takes, with the place on the stack. */
const COST = { value: 16, object: 80, dict: 300, entry: 48, item: 8 } as const;
/** An integer of more bytes than any that a model file holds; its conversion takes time quadratic in them. */
export const MAX_LONG_BYTES = 256;

/** What a value takes that is made with nothing in it yet; entries and elements count as they come. */
function costOf(value: PickleValue): number {
  if (typeof value === 'string') return 2 * value.length + COST.value;
  if (value === null || typeof value !== 'object') return 0;
  return value instanceof PickleDict ? COST.dict : COST.object;
}

/** Entries or elements that a call may copy, those of a list in the arguments' tuple among them. */
function partsOf(value: PickleValue): number {
  if (value instanceof PickleDict) return value.entries.size;
  if (value instanceof PickleTuple)
    return value.items.reduce<number>(
      (sum, item) => sum + (isSequence(item) ? item.items.length : 0),
      value.items.length,
    );
  return isSequence(value) ? value.items.length : 0;
}

const isSequence = (value: PickleValue): value is PickleList | PickleTuple | PickleSet =>
  value instanceof PickleList || value instanceof PickleTuple || value instanceof PickleSet;

/** The stack machine that a pickle is a program for (CPython, Lib/pickle.py): its stack, its marks and its memo. */
export class PickleMachine {
  private stack: PickleValue[] = [];
  private readonly marks: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();
  private left: number;

  constructor(
    readonly cursor: PickleCursor,
    readonly world: PickleWorld,
    /** Throws the FormatError; the problem is a clause about the pickle. */
    readonly fail: (problem: string) => never,
  ) {
    this.left = 4 * cursor.bytes.length + FREE_BYTES;
  }

  private take(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0)
      this.fail(
        `makes values of more than ${formatBytes(4 * this.cursor.bytes.length + FREE_BYTES)} from ${formatBytes(this.cursor.bytes.length)}`,
      );
  }

  push(value: PickleValue): void {
    this.take(COST.value + costOf(value));
    this.stack.push(value);
  }
  pop(): PickleValue {
    const value = this.stack.pop();
    return value === undefined ? this.fail('takes a value from an empty stack') : value;
  }
  top(): PickleValue {
    const value = this.stack.at(-1);
    return value === undefined ? this.fail('looks at a value of an empty stack') : value;
  }
  mark(): void {
    this.take(COST.object);
    this.marks.push(this.stack);
    this.stack = [];
  }
  /** All values since the last mark, which goes. */
  popMark(): readonly PickleValue[] {
    const items = this.stack;
    this.stack = this.marks.pop() ?? this.fail('closes a group that it did not open');
    return items;
  }
  /** The value that the whole pickle stands for. */
  result(): PickleValue {
    return this.pop();
  }

  remember(at = this.memo.size): void {
    this.take(COST.entry);
    this.memo.set(at, this.top());
  }
  recall(at: number): void {
    const value = this.memo.get(at);
    this.take(COST.value);
    this.stack.push(
      value ?? (value === null ? null : this.fail(`refers to value ${at}, which it did not note`)),
    );
  }

  longBytes(count: number): number | bigint {
    if (count > MAX_LONG_BYTES || count < 0)
      this.fail(`holds an integer of ${count} bytes; at most ${MAX_LONG_BYTES} are read`);
    return this.cursor.long(count);
  }

  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.pop()).reverse();
    this.tupleOf(items);
  }
  tupleOf(items: readonly PickleValue[]): void {
    this.take(COST.item * items.length);
    this.push(new PickleTuple(items));
  }
  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof PickleList || target instanceof PickleSet))
      this.fail(`adds elements to ${showPickle(target)}`);
    else {
      this.take(COST.item * items.length);
      for (const item of items) target.items.push(item);
    }
  }
  /** Keys and values in turns. */
  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof PickleDict)) this.fail(`sets entries of ${showPickle(target)}`);
    if (items.length % 2 !== 0) this.fail('has a key without a value');
    this.take((COST.entry * items.length) / 2);
    for (let i = 0; i < items.length; i += 2) target.entries.set(items[i] ?? null, items[i + 1] ?? null);
  }
  listOf(items: readonly PickleValue[]): void {
    this.push(new PickleList());
    this.append(items);
  }
  setOf(items: readonly PickleValue[]): void {
    this.push(new PickleSet());
    this.append(items);
  }
  dictOf(items: readonly PickleValue[]): void {
    this.push(new PickleDict());
    this.setItems(items);
  }

  global(module: string, name: string): void {
    this.push(this.world.find(module, name));
  }
  stackGlobal(): void {
    const [name, module] = [this.pop(), this.pop()];
    if (typeof name !== 'string' || typeof module !== 'string')
      this.fail(`names a class by ${showPickle(module)} and ${showPickle(name)}`);
    this.global(module, name);
  }
  /** Opcodes REDUCE and NEWOBJ: a call by table, of a function that the table knows. */
  reduce(): void {
    const [args, callee] = [this.pop(), this.pop()];
    if (!(callee instanceof PickleFunction)) this.fail(`calls ${showPickle(callee)}`);
    if (!(args instanceof PickleTuple)) this.fail(`calls ${callee.name} with ${showPickle(args)}`);
    this.take(args.items.reduce<number>((sum, arg) => sum + COST.entry * partsOf(arg), 0));
    this.push(callee.call(args.items, (problem) => this.fail(`calls ${callee.name} ${problem}`)));
  }
  /**
   * Opcode BUILD gives an object its attributes. The only objects that have some and no use for them here are a state
   * dict (its `_metadata`: version numbers of modules) and a tensor (attributes set by the user).
   */
  build(): void {
    this.pop();
    this.top();
  }
}
