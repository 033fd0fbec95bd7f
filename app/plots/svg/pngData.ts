import { zlibSync } from 'fflate';
import type { Raster } from '../picture';

/*
 * A raster as a PNG in a data URI (PNG specification, third edition: signature, IHDR, IDAT, IEND; 8 bits RGBA, no filter),
 * so that an SVG carries it without a browser to encode it.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Length, type, data, and the check sum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crcOf(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function header({ width, height }: Raster): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits a channel, colour type 6: RGBA.
  data[8] = 8;
  data[9] = 6;
  return data;
}

/** Each row begins with the number of its filter: 0, none. */
function rowsOf({ width, height, rgba }: Raster): Uint8Array {
  const stride = width * 4;
  const rows = new Uint8Array(height * (stride + 1));
  for (let row = 0; row < height; row++)
    rows.set(rgba.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  return rows;
}

export function pngBytes(raster: Raster): Uint8Array {
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header(raster)),
    chunk('IDAT', zlibSync(rowsOf(raster))),
    chunk('IEND', new Uint8Array(0)),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function pngDataUri(raster: Raster): string {
  let binary = '';
  for (const byte of pngBytes(raster)) binary += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(binary)}`;
}
