import { deflateRawSync } from 'node:zlib';
import { openDataset } from '../../src/formats/openDataset';
import { crc32 } from '../../src/formats/zip/crc32';
import { npyFile } from '../files/npy';
import { ascii, type HostileInput, joined, openModel } from './hostileInput';
import { sources } from './seedFiles';

interface Entry {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly method?: number;
  /** As the directory states it. */
  readonly size: number;
}

const HEAD = 26;

/** The fields that local headers and the directory have in common. */
function common({ name, packed, method = 8, size }: Entry): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEAD));
  view.setUint16(0, 20, true);
  view.setUint16(4, method, true);
  view.setUint32(10, method === 0 ? crc32(packed) : 0, true);
  view.setUint32(14, packed.length, true);
  view.setUint32(18, size, true);
  view.setUint16(22, name.length, true);
  return new Uint8Array(view.buffer);
}

const local = (entry: Entry): Uint8Array =>
  joined(ascii('PK\x03\x04'), common(entry), ascii(entry.name), entry.packed);

function listed(entry: Entry, offset: number): Uint8Array {
  const tail = new DataView(new ArrayBuffer(14));
  tail.setUint32(10, offset, true);
  return joined(ascii('PK\x01\x02\x14\0'), common(entry), new Uint8Array(tail.buffer), ascii(entry.name));
}

/** A zip archive without checksums; `offsetOf` may have several members start at one place. */
function zipOf(entries: readonly Entry[], shared = false): Uint8Array {
  const bodies = shared ? entries.slice(0, 1).map(local) : entries.map(local);
  let offset = 0;
  const starts = bodies.map((body) => {
    offset += body.length;
    return offset - body.length;
  });
  const directory = joined(...entries.map((entry, i) => listed(entry, shared ? 0 : (starts[i] ?? 0))));
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, directory.length, true);
  end.setUint32(16, offset, true);
  return joined(...bodies, directory, new Uint8Array(end.buffer));
}

const MEBIBYTE = 2 ** 20;

/** 128 MiB that take 130 kB: beyond what a file of this size may make of itself. */
let made: Uint8Array | null = null;
function zeros(): Uint8Array {
  made ??= new Uint8Array(deflateRawSync(new Uint8Array(128 * MEBIBYTE)));
  return made;
}

const openData = (files: Parameters<typeof sources>[0]) => openDataset(sources(files));
const bomb = (name: string, size = 128 * MEBIBYTE): Entry => ({ name, packed: zeros(), size });
const npz = (bytes: Uint8Array) => () => [{ name: 'bomb.npz', bytes }];
const small = new Uint8Array(npyFile([1], Float32Array.of(1)));

export const HOSTILE_ZIPS: readonly HostileInput[] = [
  {
    what: 'a zip bomb of arrays: 128 MiB of zeros from 130 kB',
    files: () => npz(zipOf([bomb('x.npy')]))(),
    open: openData,
    refusal: 'unpack',
  },
  {
    what: 'a zip bomb of many members, each below the limit of one',
    files: () =>
      npz(
        zipOf(
          Array.from({ length: 60 }, (_, i) => ({
            name: `x${i}.npy`,
            packed: new Uint8Array(deflateRawSync(new Uint8Array(4 * MEBIBYTE))),
            size: 4 * MEBIBYTE,
          })),
        ),
      )(),
    open: openData,
    refusal: 'unpack',
  },
  {
    what: 'a zip bomb whose members all stand at one place',
    files: () =>
      npz(
        zipOf(
          Array.from({ length: 1000 }, (_, i) => bomb(`x${i}.npy`)),
          true,
        ),
      )(),
    open: openData,
    refusal: 'its members claim',
  },
  {
    what: 'a zip bomb that states a small size',
    files: () => npz(zipOf([bomb('x.npy', 200)]))(),
    open: openData,
    refusal: "member 'x.npy'",
  },
  {
    what: 'a zip bomb in a zip',
    files: () =>
      npz(
        zipOf([
          { name: 'x.npy', packed: zipOf([bomb('y.npy')]), method: 0, size: zipOf([bomb('y.npy')]).length },
        ]),
      )(),
    open: openData,
    refusal: 'bomb.npz',
  },
  {
    what: 'a zip member that claims 4 GiB',
    files: () => npz(zipOf([{ name: 'x.npy', packed: small, method: 0, size: 2 ** 32 - 2 }]))(),
    open: openData,
    refusal: "member 'x.npy'",
  },
  {
    what: 'a zip bomb for a pickle',
    files: () => [
      {
        name: 'bomb.pt',
        bytes: zipOf([bomb('a/data.pkl'), { name: 'a/version', packed: ascii('3'), method: 0, size: 1 }]),
      },
    ],
    open: openModel,
    refusal: 'unpack',
  },
  {
    what: 'a zip bomb for the storage of a tensor',
    files: () => [
      {
        name: 'bomb.pt',
        bytes: zipOf([
          { name: 'a/data.pkl', packed: ascii('\x80\x02}.'), method: 0, size: 4 },
          bomb('a/data/0'),
        ]),
      },
    ],
    open: openModel,
    refusal: 'unpack',
  },
  {
    what: 'a zip bomb for an exported program',
    files: () => [{ name: 'bomb.pt2', bytes: zipOf([bomb('serialized_exported_program.json')]) }],
    open: openModel,
    refusal: 'unpack',
  },
];
