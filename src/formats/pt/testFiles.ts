import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ByteSource, bytesSource } from '../byteSource';

const FOLDER = new URL('../../../e2e/oracle/torchfiles/', import.meta.url);

/** A file that the real torch.save wrote (e2e/oracle/torch_files.py). */
export const torchFile = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, FOLDER)));
export const torchSource = (name: string): ByteSource => bytesSource(torchFile(name), name);

const schema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({ shape: z.array(z.number()), values: z.array(z.union([z.number(), z.boolean()])) }),
  ),
);

/** What torch.load found in each file. */
export const expectedTensors = schema.parse(
  JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')),
);
