import { expect, it } from 'vitest';
import { bytesSource, joinedParts } from '../byteSource';
import { FormatError } from '../errors';
import type { Form } from './form';
import { numbersFile } from './numbers';
import { type RecordFiles, readRecords } from './read';

async function recordOf(objects: readonly (readonly [number, Form])[]): Promise<RecordFiles> {
  const json = JSON.stringify({ version: 1, root: { ref: 0 }, objects });
  const numbers = await joinedParts([...numbersFile([]).parts]);
  return {
    json: bytesSource(new TextEncoder().encode(json), 's0.json'),
    numbers: bytesSource(numbers, 's0.safetensors'),
  };
}

/** So many lists, each in the one before. */
const nested = (count: number): readonly (readonly [number, Form])[] =>
  Array.from({ length: count }, (_, id) => [id, { array: id + 1 < count ? [{ ref: id + 1 }] : [] }]);

const read = async (count: number) => readRecords([await recordOf(nested(count))], () => null);

it('reads lists in lists, and refuses more of them than the stack holds', async () => {
  expect((await read(900))[0]).toHaveLength(1);
  const refusal = await read(20_000).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FormatError);
  expect(String(refusal)).toContain('at most 1000');
});
