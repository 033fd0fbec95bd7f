import fc from 'fast-check';
import { zipSync } from 'fflate';
import type { ImageDecoder } from '../../src/formats/images/imageDecoder';
import { writeSafetensors } from '../../src/formats/safetensors/write';
import { floatTensor } from '../../src/graph/tensor';
import { Studio } from '../../src/pipeline/studio';
import { BACKEND } from '../../src/pipeline/testStudio';
import { redAndBlueModel } from '../files/imageModel';
import { npyFile } from '../files/npy';
import type { FuzzFile, FuzzFormat, Seed } from './fuzzFormat';
import { file, sources } from './seedFiles';

/** As plain bytes: a Buffer's `slice` is no copy. */
const made = (name: string, bytes: Uint8Array) => async (): Promise<readonly Seed[]> => [
  [{ name, bytes: new Uint8Array(bytes) }],
];

/** A PNG's first chunk states its size; pixels are the browser's part, and here all the same. */
const decodeImage: ImageDecoder = async (bytes, plan) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24 || view.getUint32(0) !== 0x89504e47)
    throw new Error('The source image cannot be decoded.');
  const { width, height } = plan(view.getUint32(16), view.getUint32(20));
  return { width, height, rgba: new Uint8ClampedArray(width * height * 4) };
};

/** A studio whose model stays open, for data after data. */
function opener(
  model: () => FuzzFile,
  read: (studio: Studio, files: readonly FuzzFile[]) => Promise<unknown>,
) {
  let opened: Promise<Studio> | null = null;
  const open = async (): Promise<Studio> => {
    const studio = new Studio(BACKEND, decodeImage);
    await studio.openModel(sources([model()]));
    return studio;
  };
  return async (files: readonly FuzzFile[]): Promise<unknown> => {
    opened ??= open();
    return read(await opened, files);
  };
}

const openData = opener(
  () => file('public/samples/linear2/model.safetensors'),
  (studio, files) => studio.openData(sources(files)),
);
const openEvaluation = opener(
  () => file('public/samples/digits/model.safetensors'),
  (studio, files) => studio.openEvaluation(sources(files)),
);
const openImages = opener(
  () => ({ name: 'images.safetensors', bytes: new Uint8Array(redAndBlueModel()) }),
  (studio, files) => studio.openData(sources(files)),
);

const rows = Array.from({ length: 12 }, (_, i) => [i, i / 2].join(','));
const csv = new TextEncoder().encode(['a,b', ...rows].join('\n'));
const array = npyFile(
  [4, 2],
  Float32Array.from({ length: 8 }, (_, i) => i / 3),
);

/** A few digits, so that a damage is a large part of the file. */
async function labelled(): Promise<readonly Seed[]> {
  const pixels = npyFile(
    [4, 64],
    Float32Array.from({ length: 256 }, (_, i) => (i % 17) / 16),
  );
  const labels = npyFile([4], Float32Array.of(1, 2, 3, 9));
  return [[{ name: 'evaluation.npz', bytes: zipSync({ 'x.npy': pixels, 'labels.npy': labels }) }]];
}

/** The head of a PNG image, in folders named by class. */
async function imageSeeds(): Promise<readonly Seed[]> {
  const png = new Uint8Array(33);
  png.set([
    0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 4, 0, 0, 0, 4,
  ]);
  const image = (name: string): FuzzFile => ({ name, bytes: png });
  return [
    [image('birds/1.png'), image('cats/2.png')],
    [image('alone.png')],
    [image('photo'), image('notes.txt')],
  ];
}

const TYPES = ['<f4', '>f4', '<f8', '<f2', '|u1', '<i8', '<u8', '|b1', '<i2', '|O', '<U4', 'f4', "',"];
const dim = fc.oneof(
  { weight: 8, arbitrary: fc.nat(5).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('-1', '1000000000', '9223372036854775807', '1e9', '2L', 'None', '()'),
  },
);
/** Headers that are a dict of the right kind mostly, with as many bytes behind as they say, mostly. */
const madeNpy: fc.Arbitrary<Seed> = fc
  .record({
    type: fc.oneof(
      { weight: 3, arbitrary: fc.constant('<f4') },
      { weight: 2, arbitrary: fc.constantFrom(...TYPES) },
    ),
    order: fc.constantFrom('True', 'False', 'False', '1'),
    shape: fc.array(dim, { maxLength: 5 }),
    version: fc.constantFrom(1, 1, 2, 3, 4),
    open: fc.oneof(
      { weight: 8, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom('{', '(((('.repeat(500), '"') },
    ),
    fill: fc.nat(255),
    more: fc.constantFrom(0, 0, 0, 0, 1, -1),
  })
  .map(({ type, order, shape, version, open, fill, more }) => {
    const list = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`;
    const header = new TextEncoder().encode(
      `${open}{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${list}), }\n`,
    );
    const count = shape.reduce((product, size) => product * Number(size), 1);
    const size = (count >= 0 && count < 4000 ? count : 0) * Number(/\d/.exec(type)?.[0] ?? 1) + more;
    const length =
      version === 1
        ? [header.length & 255, header.length >> 8]
        : [header.length & 255, header.length >> 8, 0, 0];
    const start = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length];
    const data = new Uint8Array(Math.max(0, size)).fill(fill);
    return [
      { name: 'made.npy', bytes: new Uint8Array(Buffer.concat([Uint8Array.from(start), header, data])) },
    ];
  });

export const DATA_FORMATS: readonly FuzzFormat[] = [
  { name: 'NumPy (.npy)', seeds: made('data.npy', array), made: madeNpy, open: openData },
  {
    name: 'NumPy (.npz)',
    container: 'zip',
    seeds: made('data.npz', zipSync({ 'x.npy': array })),
    open: openData,
  },
  { name: 'CSV (.csv)', seeds: made('data.csv', csv), open: openData },
  {
    name: 'Arrays (.safetensors)',
    container: 'safetensors',
    seeds: made('data.safetensors', writeSafetensors({ x: floatTensor([4, 2], new Float32Array(8)) }, {})),
    open: openData,
  },
  { name: 'Labelled data (.npz)', container: 'zip', seeds: labelled, open: openEvaluation },
  { name: 'Images (files and folders)', seeds: imageSeeds, open: openImages },
];
