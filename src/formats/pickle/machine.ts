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

/** Values that one pickle may make; a state dict of a hundred thousand tensors makes about two million. */
export const MAX_PICKLE_VALUES = 16_000_000;
/** An integer of more bytes than any that a model file holds; its conversion takes time quadratic in them. */
export const MAX_LONG_BYTES = 256;

/** The stack machine that a pickle is a program for (CPython, Lib/pickle.py): its stack, its marks and its memo. */
export class PickleMachine {
  private stack: PickleValue[] = [];
  private readonly marks: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();
  private made = 0;

  constructor(
    readonly cursor: PickleCursor,
    readonly world: PickleWorld,
    /** Throws the FormatError; the problem is a clause about the pickle. */
    readonly fail: (problem: string) => never,
  ) {}

  push(value: PickleValue): void {
    if (++this.made > MAX_PICKLE_VALUES)
      this.fail(`makes more than ${MAX_PICKLE_VALUES.toLocaleString('en-US')} values`);
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
    if (++this.made > MAX_PICKLE_VALUES)
      this.fail(`makes more than ${MAX_PICKLE_VALUES.toLocaleString('en-US')} values`);
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
    this.memo.set(at, this.top());
  }
  recall(at: number): void {
    const value = this.memo.get(at);
    this.push(value === undefined ? this.fail(`refers to value ${at}, which it did not note`) : value);
  }

  longBytes(count: number): number | bigint {
    if (count > MAX_LONG_BYTES || count < 0)
      this.fail(`holds an integer of ${count} bytes; at most ${MAX_LONG_BYTES} are read`);
    return this.cursor.long(count);
  }

  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.pop()).reverse();
    this.push(new PickleTuple(items));
  }
  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof PickleList || target instanceof PickleSet))
      this.fail(`adds elements to ${showPickle(target)}`);
    else for (const item of items) target.items.push(item);
  }
  /** Keys and values in turns. */
  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof PickleDict)) this.fail(`sets entries of ${showPickle(target)}`);
    if (items.length % 2 !== 0) this.fail('has a key without a value');
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
