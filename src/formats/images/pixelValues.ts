import type { Pixels } from './imageDecoder';
import { channelCount, type ImageSettings } from './imageSettings';

/** PIL's grey: ITU-R 601-2 luma in 16-bit fixed point (`convert('L')`). */
const luma = (red: number, green: number, blue: number): number =>
  (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;

/** `(value / 255 − mean) / std` of each 8-bit value, one table a channel. */
const tables = (settings: ImageSettings): readonly Float32Array[] =>
  Array.from({ length: channelCount(settings) }, (_, channel) => {
    const { mean, std } = settings;
    return Float32Array.from(
      { length: 256 },
      (_value, value) => (value / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1),
    );
  });

/** Writes images into their places of one array, in the layout and channel order of the settings. */
export class PixelWriter {
  private readonly tables: readonly Float32Array[];
  /** Values of one image. */
  readonly size: number;

  constructor(private readonly settings: ImageSettings) {
    this.tables = tables(settings);
    this.size = settings.width * settings.height * channelCount(settings);
  }

  /** `data` gets the image as its sample number `index`. */
  write(pixels: Pixels, data: Float32Array, index: number): void {
    const { channels, layout } = this.settings;
    const { rgba } = pixels;
    const area = pixels.width * pixels.height;
    const count = this.tables.length;
    const [pixelStep, channelStep] = layout === 'nchw' ? [1, area] : [count, 1];
    const sources = channels === 'bgr' ? [2, 1, 0] : [0, 1, 2];
    for (const [channel, table] of this.tables.entries()) {
      const from = sources[channel] ?? 0;
      let to = index * this.size + channel * channelStep;
      for (let at = 0; at < 4 * area; at += 4, to += pixelStep) {
        const value =
          channels === 'grey'
            ? luma(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0)
            : (rgba[at + from] ?? 0);
        data[to] = table[value] ?? 0;
      }
    }
  }
}
