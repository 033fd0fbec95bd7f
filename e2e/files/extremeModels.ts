import { chainModel, chainPaths, chainSamples } from './chainModel';
import { npyFile } from './npy';

/** A module path of 120 characters, as deeply nested models have them. */
export const longPath = (last: string): string => {
  const stages = `backbone.${'encoder_stage_with_attention.'.repeat(4)}`;
  return `${stages.slice(0, 119 - last.length)}.${last}`;
};

/** A file name of 150 characters. */
export const longFileName = (end: string): string =>
  `${'efficient-vision-transformer-large-patch16-'.repeat(4).slice(0, 150 - end.length)}${end}`;

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

const samples = (name: string, rows: number) => {
  const { shape, data } = chainSamples(rows);
  return file(name, npyFile(shape, data));
};

/** Models at the ends of what the page is made for: one layer, hundreds of them, names as long as they get. */
export const extremeModels = () => ({
  one: { model: file('one-layer.safetensors', chainModel(['fc'])), data: samples('calibration.npy', 64) },
  many: {
    model: file('many-layers.safetensors', chainModel(chainPaths(500))),
    data: samples('calibration.npy', 64),
  },
  long: {
    model: file(
      longFileName('.safetensors'),
      chainModel(['projection_in', 'projection_hidden', 'projection_out'].map(longPath)),
    ),
    data: samples(longFileName('.npy'), 64),
  },
});
