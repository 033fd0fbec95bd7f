import { describe, expect, it } from 'vitest';
import { bytesSource } from '../byteSource';
import { FormatError } from '../errors';
import { classFolders, commonFolder } from './classFolders';
import { drawPlan } from './drawPlan';
import type { ImageDecoder } from './imageDecoder';
import { imagePreviews } from './imagePreview';
import { defaultImageSettings, type ImageSettings, imageTarget, NORMALIZATIONS } from './imageSettings';
import { readImages } from './readImages';
import { sortSources } from './sortSources';

const OPEN = { layout: null, channels: null, width: null, height: null };
const settings = (patch: Partial<ImageSettings>): ImageSettings => ({
  ...defaultImageSettings(OPEN),
  width: 2,
  height: 1,
  ...patch,
});
const job = { signal: new AbortController().signal, progress: () => undefined };

/** Files of three bytes, one colour all over; anything shorter is broken. */
const decode: ImageDecoder = async (bytes, plan) => {
  if (bytes.length < 3) throw new Error('cut off');
  const { width, height } = plan(10, 10);
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < rgba.length; at += 4) rgba.set([...bytes.subarray(0, 3), 255], at);
  return { width, height, rgba };
};
const image = (name: string, ...colour: number[]) => bytesSource(Uint8Array.from(colour), name);
const read = (patch: Partial<ImageSettings>, ...images: ReturnType<typeof image>[]) =>
  readImages(images, settings(patch), decode, job);
const values = async (patch: Partial<ImageSettings>) => {
  const { arrays } = await read(patch, image('a.png', 255, 51, 0));
  return [...(arrays['']?.data ?? [])].map((value) => Number(value.toFixed(4)));
};

describe('size and cut', () => {
  // Printed by torchvision 0.14.1: the size of Resize(side) of an image, and the pixel at which CenterCrop begins.
  it.each([
    [641, 480, 256, 224, 224, 341, 256, 58, 16],
    [480, 641, 256, 224, 224, 256, 341, 16, 58],
    [333, 500, 257, 224, 224, 257, 385, 16, 80],
    [500, 333, 255, 224, 200, 382, 255, 79, 28],
    [1000, 37, 40, 33, 31, 1081, 40, 524, 4],
    [224, 224, 256, 225, 224, 256, 256, 16, 16],
  ])('of %i × %i follow torchvision', (...numbers) => {
    const [imageWidth, imageHeight, shorterSide, width, height, ...plan] = numbers;
    const [scaledWidth, scaledHeight, left, top] = plan;
    const cut = drawPlan(settings({ fit: 'crop', shorterSide, width, height }), imageWidth, imageHeight);
    expect(cut).toEqual({ scaledWidth, scaledHeight, left, top, width, height });
  });
  it('stretch the whole image otherwise', () => {
    expect(drawPlan(settings({}), 641, 480)).toMatchObject({ scaledWidth: 2, scaledHeight: 1, left: 0 });
  });
});

describe('values', () => {
  it('stand channel by channel, or pixel by pixel', async () => {
    expect(await values({})).toEqual([1, 1, 0.2, 0.2, 0, 0]);
    expect(await values({ layout: 'nhwc' })).toEqual([1, 0.2, 0, 1, 0.2, 0]);
    expect(await values({ channels: 'bgr' })).toEqual([0, 0, 0.2, 0.2, 1, 1]);
  });
  it("are normalized as torchvision's ToTensor and Normalize do", async () => {
    // Printed by torchvision 0.14.1 for that colour.
    expect(await values(NORMALIZATIONS.imagenet)).toEqual([
      2.2489, 2.2489, -1.1429, -1.1429, -1.8044, -1.8044,
    ]);
    expect(await values(NORMALIZATIONS.symmetric)).toEqual([1, 1, -0.6, -0.6, -1, -1]);
    expect(await values(NORMALIZATIONS.bytes)).toEqual([255, 255, 51, 51, 0, 0]);
  });
  // Printed by PIL 9.4: Image.new('RGB', (1, 1), colour).convert('L').
  it.each([
    [255, 51, 0, 106],
    [1, 2, 3, 2],
    [10, 200, 30, 124],
    [254, 255, 253, 254],
    [77, 150, 29, 114],
  ])('of %i, %i, %i are as grey as in PIL', async (red, green, blue, grey) => {
    const { arrays } = await read(
      { channels: 'grey', ...NORMALIZATIONS.bytes },
      image('a.png', red, green, blue),
    );
    expect([...(arrays['']?.data ?? [])]).toEqual([grey, grey]);
  });
});

describe('folders', () => {
  it('are classes by their sorted names, below the folder that all share', () => {
    expect(classFolders(['set/dog/1.png', 'set/cat/2.png', 'set/cat/more/3.png'])).toEqual({
      classes: ['cat', 'dog'],
      labels: Int32Array.of(1, 0, 0),
    });
    expect(classFolders(['set/1.png', 'set/2.png'])).toBeNull();
    expect(commonFolder(['a/b/1.png', 'a/b/2.png'])).toBe('a/b');
  });
  it('keep their class where an image is broken, and name it', async () => {
    const data = await read({}, image('s/a/1.png', 0), image('s/b/2.png', 1, 2, 3));
    expect(data).toMatchObject({ samples: 1, labels: Int32Array.of(1), source: 's (2 images)' });
    expect(data.notes).toEqual([expect.stringContaining('s/a/1.png (cut off)')]);
    expect(imagePreviews(data)).toMatchObject([{ name: 's/b/2.png', label: 'b', width: 2, height: 1 }]);
  });
  it('give no labels when they shall not', async () => {
    const data = await read({ folderLabels: false }, image('a/1.png', 1, 1, 1), image('b/2.png', 1, 2, 3));
    expect(data.labels).toBeNull();
  });
  it('are refused when no image of them can be read', async () => {
    await expect(read({}, image('a.png', 0))).rejects.toThrow(/a.png.*PNG, JPEG/s);
  });
});

describe('limits', () => {
  it('take as many images as are asked for, spread evenly', async () => {
    const images = Array.from({ length: 6 }, (_, i) => image(`${i}.png`, i, i, i));
    const { origin } = await read({ atMost: 3 }, ...images);
    expect(origin).toMatchObject({ names: ['0.png', '2.png', '4.png'] });
  });
  it('are named where a setting passes them', async () => {
    await expect(read({ width: 0 }, image('a.png', 1, 1, 1))).rejects.toThrow(
      /the width must be.*1 to 4096, got 0/,
    );
    await expect(read({ std: [0, 1, 1] }, image('a.png', 1, 1, 1))).rejects.toThrow(/std divides/);
    await expect(read({ fit: 'crop', shorterSide: 1 }, image('a.png', 1, 1, 1))).rejects.toThrow(
      /the shorter side must be a whole number from 2/,
    );
  });
  it('stop at a cancel', async () => {
    const controller = new AbortController();
    controller.abort(new Error('stopped'));
    const reading = readImages([image('a.png', 1, 1, 1)], settings({}), decode, {
      ...job,
      signal: controller.signal,
    });
    await expect(reading).rejects.toThrow('stopped');
  });
});

describe('what a model takes', () => {
  it('is told by its shape: channels first, or last where only they can be channels', () => {
    expect(imageTarget('f', 'x', ['n', 3, 32, 48])).toEqual({
      layout: 'nchw',
      channels: 3,
      width: 48,
      height: 32,
    });
    expect(imageTarget('f', 'x', [1, 32, 48, 1])).toEqual({
      layout: 'nhwc',
      channels: 1,
      width: 48,
      height: 32,
    });
    expect(imageTarget('f', 'x', ['n', 3, '?', '?'])).toEqual({
      layout: 'nchw',
      channels: 3,
      width: null,
      height: null,
    });
  });
  it('is refused with the shape', () => {
    expect(() => imageTarget('f', 'x', ['n', 64])).toThrow(FormatError);
    expect(() => imageTarget('f', 'x', ['n', 64])).toThrow(/'x' expects \[n, 64\]/);
    expect(() => imageTarget('f', 'x', ['n', 12, 4, 4])).toThrow(/12/);
  });
});

describe('files that come together', () => {
  it('are images and what else lies in their folder', async () => {
    const text = bytesSource(new TextEncoder().encode('notes\n'), 's/readme.txt');
    const sorted = await sortSources([image('s/b.png', 1), text, image('s/a.png', 1)]);
    expect(sorted?.images.map(({ name }) => name)).toEqual(['s/a.png', 's/b.png']);
    expect(sorted?.strays).toEqual([text]);
    expect(await sortSources([text])).toBeNull();
  });
  it('are refused with an array among them', async () => {
    const npy = bytesSource(Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY')), 'x.npy');
    await expect(sortSources([image('a.png', 1), npy])).rejects.toThrow(/x.npy.*together with 1 images/);
  });
});
