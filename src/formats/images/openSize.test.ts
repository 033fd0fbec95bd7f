import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import type { ImageDecoder } from './imageDecoder';
import { imageTarget } from './imageSettings';
import { openSize } from './openSize';

const OPEN = imageTarget('images', 'x', ['n', 3, 'h', 'w']);
const image = (name: string) => bytesSource(Uint8Array.of(1), name);

/** A decoder of images of one size; others do not decode. */
const decoding =
  (width: number, height: number): ImageDecoder =>
  async (_, plan) => {
    if (width === 0) throw new Error('no image');
    const drawn = plan(width, height);
    return { width: drawn.width, height: drawn.height, rgba: new Uint8ClampedArray(4) };
  };

describe('the size of images where the model leaves it open', () => {
  it('is that of the data that is open, in the layout of the model', async () => {
    const data = floatTensor([1, 3, 4, 6], new Float32Array(72));
    const size = await openSize(OPEN, data, [image('a.png')], decoding(50, 40));
    expect([size.width, size.height]).toEqual([6, 4]);
  });

  it('is that of the first image', async () => {
    const size = await openSize(OPEN, undefined, [image('a.png')], decoding(96, 48));
    expect(size).toEqual({ width: 96, height: 48, from: 'as a.png' });
  });

  it.each([
    ['a photograph', decoding(4000, 3000)],
    ['a broken image', decoding(0, 0)],
  ])('is 224 × 224 for %s', async (_, decoder) => {
    const size = await openSize(OPEN, undefined, [image('a.png')], decoder);
    expect([size.width, size.height]).toEqual([224, 224]);
  });
});
