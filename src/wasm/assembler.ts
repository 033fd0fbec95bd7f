/*
 * Writes WebAssembly binaries: functions of i32 parameters without a result that work on an imported memory. It knows the
 * instructions that our programs use and no others (https://webassembly.github.io/spec/core/binary/).
 */

const VALUE_TYPES = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
export type ValueType = keyof typeof VALUE_TYPES;

const SIMD = 0xfd;
const OPS = {
  'i32.eqz': [0x45],
  'i32.lt_u': [0x49],
  'i32.le_u': [0x4d],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.and': [0x71],
  'i32.shl': [0x74],
  'i32.shr_u': [0x76],
  'f32.add': [0x92],
  'f32.mul': [0x94],
  'f32.max': [0x97],
  'i32x4.splat': [SIMD, 0x11],
  'i32x4.eq': [SIMD, 0x37],
  'i32x4.shl': [SIMD, 0xab, 0x01],
  'i32x4.shr_s': [SIMD, 0xac, 0x01],
  'i32x4.sub': [SIMD, 0xb1, 0x01],
  'i32x4.min_s': [SIMD, 0xb6, 0x01],
  'i32x4.min_u': [SIMD, 0xb7, 0x01],
  'i32x4.max_s': [SIMD, 0xb8, 0x01],
  'i32x4.trunc_sat_f32x4_s': [SIMD, 0xf8, 0x01],
  'v128.and': [SIMD, 0x4e],
  'v128.or': [SIMD, 0x50],
  'v128.xor': [SIMD, 0x51],
  'v128.bitselect': [SIMD, 0x52],
  'f32x4.ne': [SIMD, 0x42],
  'f32x4.le': [SIMD, 0x45],
  'f32x4.ge': [SIMD, 0x46],
  'f32x4.add': [SIMD, 0xe4, 0x01],
  'f32x4.sub': [SIMD, 0xe5, 0x01],
  'f32x4.mul': [SIMD, 0xe6, 0x01],
  'f32x4.div': [SIMD, 0xe7, 0x01],
  'f32x4.pmin': [SIMD, 0xea, 0x01],
  'f32x4.pmax': [SIMD, 0xeb, 0x01],
  'f32x4.relaxed_madd': [SIMD, 0x85, 0x02],
} as const;
export type Op = keyof typeof OPS;

/** Accesses with their alignment as a power of two; a smaller one is allowed and slower. */
const ACCESSES = {
  'i32.load': [0x28, 2],
  'f32.load': [0x2a, 2],
  'i32.store': [0x36, 2],
  'f32.store': [0x38, 2],
  'v128.load': [SIMD, 0x00, 2],
  'v128.load32_splat': [SIMD, 0x09, 2],
  'v128.store': [SIMD, 0x0b, 2],
} as const;

const END = 0x0b;
const NO_RESULT = 0x40;

/** A variable of a function, by its number; parameters come first. */
export type Local = number & { readonly __local: true };

/** The body of a function, instruction by instruction. */
export class FunctionBody {
  private readonly locals: ValueType[] = [];
  private readonly code: number[] = [];

  constructor(readonly parameterCount: number) {}

  parameters(): readonly Local[] {
    return Array.from({ length: this.parameterCount }, (_, i) => i as Local);
  }

  local(type: ValueType): Local {
    this.locals.push(type);
    return (this.parameterCount + this.locals.length - 1) as Local;
  }

  get(local: Local): this {
    return this.write(0x20, ...unsigned(local));
  }

  set(local: Local): this {
    return this.write(0x21, ...unsigned(local));
  }

  /** Sets a variable and leaves its value on the stack. */
  tee(local: Local): this {
    return this.write(0x22, ...unsigned(local));
  }

  integer(value: number): this {
    return this.write(0x41, ...signed(value));
  }

  /** Four bytes, little-endian. */
  float(value: number): this {
    return this.write(0x43, ...new Uint8Array(Float32Array.of(value).buffer));
  }

  op(...names: readonly Op[]): this {
    for (const name of names) this.write(...OPS[name]);
    return this;
  }

  /** At the address on the stack and `offset` bytes further. */
  access(name: keyof typeof ACCESSES, offset = 0): this {
    return this.write(...ACCESSES[name], ...unsigned(offset));
  }

  /** One of the four floats of a vector. */
  lane(lane: number): this {
    return this.write(SIMD, 0x1f, lane);
  }

  /** One of its four integers. */
  integerLane(lane: number): this {
    return this.write(SIMD, 0x1b, lane);
  }

  /** `local += bytes`. */
  advance(local: Local, bytes: number): this {
    return this.get(local).integer(bytes).op('i32.add').set(local);
  }

  /** Branches with `branchIf(0)` in it start over. */
  loop(body: () => void): this {
    this.write(0x03, NO_RESULT);
    body();
    return this.write(END);
  }

  /** If the number on the stack is not 0. */
  when(body: () => void): this {
    this.write(0x04, NO_RESULT);
    body();
    return this.write(END);
  }

  branchIf(depth: number): this {
    return this.write(0x0d, ...unsigned(depth));
  }

  call(index: number): this {
    return this.write(0x10, ...unsigned(index));
  }

  /** As it stands in the code section. */
  bytes(): readonly number[] {
    const locals = this.locals.flatMap((type) => [1, VALUE_TYPES[type]]);
    const body = [...unsigned(this.locals.length), ...locals, ...this.code, END];
    return [...unsigned(body.length), ...body];
  }

  private write(...bytes: readonly number[]): this {
    for (const byte of bytes) this.code.push(byte);
    return this;
  }
}

/** What a module imports as `env.memory`. */
export type MemoryKind = 'shared' | 'unshared';

/** 65,536 pages of 64 KiB are all that 32 bits can address. */
const MOST_PAGES = 65_536;

/** A module of functions that call each other by number; the last is exported under `name`. */
export function moduleOf(
  functions: readonly FunctionBody[],
  name: string,
  memory: MemoryKind,
): Uint8Array<ArrayBuffer> {
  const i32 = VALUE_TYPES.i32;
  const types = functions.map(({ parameterCount }) => [
    0x60,
    ...unsigned(parameterCount),
    ...Array<number>(parameterCount).fill(i32),
    0,
  ]);
  const limits = memory === 'shared' ? [3, 0, ...unsigned(MOST_PAGES)] : [0, 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text('env'), ...text('memory'), 2, ...limits]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(7, [[...text(name), 0, ...unsigned(functions.length - 1)]]),
    ...section(
      10,
      functions.map((body) => body.bytes()),
    ),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): readonly number[] {
  const bytes = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(bytes.length), ...bytes];
}

const text = (value: string): readonly number[] => [
  ...unsigned(value.length),
  ...new TextEncoder().encode(value),
];

/** LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** The same of a signed number: the last byte's highest of the seven bits is the sign. */
export function signed(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = rest === (low & 0x40 ? -1 : 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}
