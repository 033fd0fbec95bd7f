import { Studio } from '../../src/pipeline/studio';
import { BACKEND } from '../../src/pipeline/testStudio';
import type { FuzzFile } from './fuzzFormat';
import { sources } from './seedFiles';

/** A file made to do harm, and what becomes of it. */
export interface HostileInput {
  readonly what: string;
  readonly files: () => readonly FuzzFile[];
  readonly open: (files: readonly FuzzFile[]) => Promise<unknown>;
  /** What the refusal says; null where the file opens, and is harmless. */
  readonly refusal: string | null;
}

export const openModel = (files: readonly FuzzFile[]) => new Studio(BACKEND).openModel(sources(files));

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Bytes that stand in the file again and again. */
export function repeated(bytes: Uint8Array, times: number): Uint8Array {
  const all = new Uint8Array(bytes.length * times);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.length);
  return all;
}

/** Tag and length of a protobuf field. */
export function fieldPrefix(number: number, length: number): Uint8Array {
  const prefix: number[] = [];
  for (const start of [number * 8 + 2, length]) {
    let rest = start;
    for (; rest > 127; rest = Math.floor(rest / 128)) prefix.push((rest % 128) + 128);
    prefix.push(rest);
  }
  return Uint8Array.from(prefix);
}

/** A field of a protobuf message that has a length. */
export const field = (number: number, value: Uint8Array): Uint8Array =>
  joined(fieldPrefix(number, value.length), value);
