import { unzipSync, zipSync } from 'fflate';

/** How damage gets past a container's own checks: a changed part with lengths and sums that fit again. */
export interface Container {
  readonly parts: (bytes: Uint8Array) => readonly Uint8Array[];
  /** The file with another part in the place of part `index`. */
  readonly withPart: (bytes: Uint8Array, index: number, part: Uint8Array) => Uint8Array;
}

type Members = readonly (readonly [name: string, member: Uint8Array])[];
const unpacked = new WeakMap<Uint8Array, Members>();

/** A seed is unpacked once, not with each of its thousands of damages. */
function membersOf(bytes: Uint8Array): Members {
  const members = unpacked.get(bytes) ?? Object.entries(unzipSync(bytes));
  unpacked.set(bytes, members);
  return members;
}

const zip: Container = {
  parts: (bytes) => membersOf(bytes).map(([, member]) => member),
  withPart: (bytes, index, part) => {
    const changed = membersOf(bytes).map(([name, member], i) => [name, i === index ? part : member]);
    return zipSync(Object.fromEntries(changed), { level: 0 });
  },
};

const headerEnd = (bytes: Uint8Array): number =>
  8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));

function withHeader(bytes: Uint8Array, header: Uint8Array): Uint8Array {
  const data = bytes.subarray(headerEnd(bytes));
  const whole = new Uint8Array(8 + header.length + data.length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(header.length), true);
  whole.set(header, 8);
  whole.set(data, 8 + header.length);
  return whole;
}

const headerOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(8, headerEnd(bytes));
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

interface Header {
  readonly __metadata__?: Readonly<Record<string, string>>;
}

/** The JSON header, with its length put right again; and each text in its metadata, which may be JSON itself. */
const safetensors: Container = {
  parts: (bytes) => {
    const { __metadata__ = {} }: Header = JSON.parse(text(headerOf(bytes)));
    return [headerOf(bytes), ...Object.values(__metadata__).map((value) => new TextEncoder().encode(value))];
  },
  withPart: (bytes, index, part) => {
    if (index === 0) return withHeader(bytes, part);
    const header: Header = JSON.parse(text(headerOf(bytes)));
    const metadata = Object.entries(header.__metadata__ ?? {}).map(([key, value], i) => [
      key,
      i === index - 1 ? text(part) : value,
    ]);
    return withHeader(bytes, encoded({ ...header, __metadata__: Object.fromEntries(metadata) }));
  },
};

/** A field of a message, by its bytes; messages in it stand behind one another in `inner`. */
interface Message {
  readonly start: number;
  readonly end: number;
  /** Where tag and length of the field begin; the whole file has none. */
  readonly head: number;
  readonly tag: number;
  readonly within: Message | null;
}

/** Fields of onnx.proto that hold messages: ModelProto's graph, GraphProto's node and initializer, and so on. */
const MESSAGES: readonly (readonly number[])[] = [
  [7, 8],
  [1, 5, 11, 12, 13],
  [5, 2, 1],
  [5, 1],
];

function varint(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i] ?? 0;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, at + i + 1];
  }
  return [value, at + 10];
}

function messagesIn(bytes: Uint8Array, within: Message, depth: number, found: Message[]): void {
  for (let head = within.start; head < within.end; ) {
    const [tag, behind] = varint(bytes, head);
    if (tag % 8 !== 2) {
      head = tag % 8 === 0 ? varint(bytes, behind)[1] : behind + (tag % 8 === 1 ? 8 : 4);
      continue;
    }
    const [length, start] = varint(bytes, behind);
    const message: Message = { start, end: start + length, head, tag, within };
    found.push(message);
    if (MESSAGES[depth]?.includes(Math.floor(tag / 8))) messagesIn(bytes, message, depth + 1, found);
    head = message.end;
  }
}

const structures = new WeakMap<Uint8Array, readonly Message[]>();

function structureOf(bytes: Uint8Array): readonly Message[] {
  const known = structures.get(bytes);
  if (known) return known;
  const whole: Message = { start: 0, end: bytes.length, head: 0, tag: 0, within: null };
  const found = [whole];
  messagesIn(bytes, whole, 0, found);
  structures.set(bytes, found);
  return found;
}

const prefix = (tag: number, length: number): Uint8Array => {
  const bytes: number[] = [];
  for (let rest of [tag, length]) {
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
};

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Any length-delimited field of an ONNX file, with the lengths of all that it stands in put right again. */
const protobuf: Container = {
  parts: (bytes) => structureOf(bytes).map(({ start, end }) => bytes.subarray(start, end)),
  withPart: (bytes, index, part) => {
    let changed = part;
    let message = structureOf(bytes)[index] ?? null;
    while (message?.within) {
      const { head, end, tag, within }: Message = message;
      const field = joined(prefix(tag, changed.length), changed);
      if (!within) break;
      changed = joined(bytes.subarray(within.start, head), field, bytes.subarray(end, within.end));
      message = within;
    }
    return changed;
  },
};

export const CONTAINERS = { zip, safetensors, protobuf } as const;
