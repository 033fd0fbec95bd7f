import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GraphError, UnsupportedOpError } from '../graph/errors';
import { bytesSource } from './byteSource';
import { MissingFilesError } from './companions';
import { FormatError } from './errors';
import { openModel } from './openModel';

const files = [
  ...readdirSync('e2e/oracle/torchfiles').filter((f) => !f.endsWith('.json')).map((f) => `e2e/oracle/torchfiles/${f}`),
  ...readdirSync('e2e/oracle/exported').filter((f) => f.endsWith('.pt2')).map((f) => `e2e/oracle/exported/${f}`),
  ...readdirSync('e2e/oracle/transformer').filter((f) => f.endsWith('.onnx') || f.endsWith('.safetensors')).map((f) => `e2e/oracle/transformer/${f}`),
];
let state = Number(process.env.SEED ?? 1);
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const isOurs = (e: unknown) =>
  e instanceof FormatError || e instanceof UnsupportedOpError || e instanceof MissingFilesError || (e instanceof GraphError && !e.message.startsWith('internal'));

// CRC of zips would catch most; patch checks off by mocking crc32
import { vi } from 'vitest';
import { crc32 } from './zip/readMember';

function fixCrc(bytes: Uint8Array): void {
  // stored members: rewrite crc in central directory after mutation
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 46 < bytes.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const method = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 24, true);
    const offset = view.getUint32(at + 42, true);
    if (method !== 0 || offset + 30 > bytes.length) continue;
    const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    if (start + size > bytes.length) continue;
    view.setUint32(at + 16, crc32(bytes.subarray(start, start + size)), true);
  }
}

it('fuzz', { timeout: 400_000 }, async () => {
  const seen = new Map<string, number>();
  let ok = 0, refused = 0;
  const end = Date.now() + 100_000;
  while (Date.now() < end) {
    const file = files[Math.floor(random() * files.length)] ?? '';
    let bytes = new Uint8Array(readFileSync(file));
    const kind = random();
    if (kind < 0.15) bytes = bytes.slice(0, Math.floor(random() * bytes.length));
    else {
      const n = 1 + Math.floor(random() * 4);
      const head = file.includes('torchfiles') || random() < 0.5 ? Math.min(bytes.length, 3000) : bytes.length;
      for (let i = 0; i < n; i++) {
        const at = Math.floor(random() * head);
        const r = random();
        bytes[at] = r < 0.3 ? 255 : r < 0.5 ? 0 : r < 0.8 ? (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8)) : Math.floor(random() * 256);
      }
      fixCrc(bytes);
    }
    const t = Date.now();
    try {
      const opened = await openModel([bytesSource(bytes, file.split('/').pop() ?? '')]);
      for (const p of Object.values(opened.model?.params ?? {})) void p.data.length;
      ok++;
    } catch (e) {
      refused++;
      if (!isOurs(e)) {
        const key = `${file.replace(/.*\//, '')} ${e instanceof Error ? `${e.name}: ${e.message}`.slice(0, 160) + (e.stack ?? '').split('\n').filter((l) => l.includes('/src/')).slice(0, 3).join(' | ') : String(e)}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    }
    if (Date.now() - t > 3000) seen.set(`SLOW ${file} ${Date.now() - t}`, 1);
  }
  console.log(ok, refused, [...seen].map(([k, n]) => `${n} ${k}`).join('\n'));
  expect(1).toBe(1);
});
