import { readFileSync } from 'node:fs';
import { bytesSource } from '../../src/formats/byteSource';
import type { FuzzFile, Seed } from './fuzzFormat';

const ROOT = new URL('../../', import.meta.url);

export const file = (path: string): FuzzFile => ({
  name: path.slice(path.lastIndexOf('/') + 1),
  bytes: new Uint8Array(readFileSync(new URL(path, ROOT))),
});

export const files =
  (...paths: readonly string[]) =>
  async (): Promise<readonly Seed[]> =>
    paths.map((path) => [file(path)]);

export const sources = (all: readonly FuzzFile[]) => all.map(({ name, bytes }) => bytesSource(bytes, name));
