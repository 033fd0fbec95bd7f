import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { bytesSource } from '../../formats/byteSource';
import { generateData } from '../../formats/generated/generate';
import { defaultGenerated, type GeneratedInput } from '../../formats/generated/generatedSettings';
import { moduleName, nodeName, paramName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { ref } from '../../graph/node';
import { floatTensor } from '../../graph/tensor';
import { DEFAULT_SETTINGS } from '../settings';
import { openDigits } from '../testStudio';
import { generatedInputs } from './generatedInputs';

const job = { signal: new AbortController().signal, progress: () => undefined };
const IDS: GeneratedInput = { name: 'ids', shape: ['batch', 'seq'], indices: 10 };
const MASK: GeneratedInput = { name: 'mask', shape: ['batch', 'seq', 4], indices: null };

beforeAll(() => openTestDevice('cpu'));

describe('generated samples', () => {
  it('have one size for a named dimension, and indices of the embedding', () => {
    const settings = { ...defaultGenerated([IDS, MASK]), sizes: { seq: 5 } };
    const { arrays, samples, origin } = generateData([IDS, MASK], settings);
    expect(arrays.ids).toMatchObject({ shape: [samples, 5], dtype: 'int32' });
    expect(arrays.mask).toMatchObject({ shape: [samples, 5, 4], dtype: 'float32' });
    expect(new Set(arrays.ids?.data)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(origin).toEqual({ kind: 'generated', settings });
  });

  it('are the same by the same seed, and others by another', () => {
    const settings = defaultGenerated([MASK]);
    const of = (seed: number) => generateData([MASK], { ...settings, seed }).arrays.mask?.data;
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  it('have the moments of their distribution', () => {
    const input: GeneratedInput = { name: 'x', shape: ['n', 20_000], indices: null };
    const drawn = (distribution: ReturnType<typeof defaultGenerated>['inputs'][string]) => {
      const settings = { ...defaultGenerated([input]), samples: 2, inputs: { x: distribution } };
      const data = Array.from(generateData([input], settings).arrays.x?.data ?? []);
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return {
        mean,
        std: Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length),
      };
    };
    const normal = drawn({ kind: 'normal', mean: 2, std: 3 });
    expect(normal.mean).toBeCloseTo(2, 1);
    expect(Math.abs(normal.std - 3)).toBeLessThan(0.05);
    const uniform = drawn({ kind: 'uniform', low: -1, high: 1 });
    expect(Math.abs(uniform.mean)).toBeLessThan(0.02);
    expect(Math.abs(uniform.std - 1 / Math.sqrt(3))).toBeLessThan(0.02);
  });

  it.each([
    [{ samples: 0 }, /number of samples must be/],
    [{ sizes: {} }, /size of 'seq' must be a whole number of 1 or more/],
    [{ inputs: { ids: { kind: 'normal', mean: 0, std: 1 } } }, /embedding of 10 rows.*0 … 9/],
    [{ inputs: { ids: { kind: 'integers', low: 0, high: 10 } } }, /0 … 9/],
    [{ samples: 2 ** 30 }, /512 MiB/],
  ] as const)('%j is refused', (patch, message) => {
    expect(() => generateData([IDS], { ...defaultGenerated([IDS]), ...patch })).toThrow(message);
  });
});

describe('a studio without data', () => {
  it('calibrates on generated samples, warns of them and says so in the report', async () => {
    const studio = await openDigits({ data: false });
    const { generated, openSizes, images, imagesRefused } = studio.dataOptions();
    expect(openSizes).toEqual([]);
    expect(images).toBeNull();
    expect(imagesRefused).toMatch(/4-D input/);
    expect(studio.generateData(generated).calibration).toMatchObject({ origin: 'generated', samples: 32 });
    const view = await studio.run('calibrate', DEFAULT_SETTINGS, job);
    expect(view.steps.calibrate?.warning).toMatch(/generated data/);
    const { parts } = await studio.exportFile('report', 'calibrate');
    expect(JSON.parse(await new Blob([...parts]).text()).calibration).toMatchObject({
      generated: true,
      generator: { seed: 0 },
    });
  });

  it('knows the rows of an embedding behind its input', () => {
    const [ids, out, result] = [nodeName('ids'), nodeName('out'), nodeName('output')];
    const model: Model = {
      name: 'words',
      graph: {
        nodes: [
          { name: ids, op: 'placeholder', target: 'ids', args: [], kwargs: {} },
          { name: out, op: 'call_module', target: moduleName('words'), args: [ref(ids)], kwargs: {} },
          { name: result, op: 'output', target: 'output', args: [ref(out)], kwargs: {} },
        ],
      },
      modules: {
        [moduleName('words')]: { type: 'torch.nn.Embedding', attrs: { num_embeddings: 7, embedding_dim: 2 } },
      },
      params: { [paramName('words.weight')]: floatTensor([7, 2], new Float32Array(14)) },
      inputShapes: { [ids]: ['n', 3] },
    };
    expect(generatedInputs(model)).toEqual([{ name: 'ids', shape: ['n', 3], indices: 7 }]);
  });
});

describe('labels', () => {
  it('that are no class of the model are refused when the file is opened', async () => {
    const studio = await openDigits();
    const header = JSON.stringify({
      x: { dtype: 'F32', shape: [2, 64], data_offsets: [0, 512] },
      labels: { dtype: 'I32', shape: [2], data_offsets: [512, 520] },
    });
    const bytes = new Uint8Array(8 + header.length + 520);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    new DataView(bytes.buffer).setInt32(8 + header.length + 516, 10, true);
    await expect(studio.openEvaluation([bytesSource(bytes, 'wrong.safetensors')])).rejects.toThrow(
      /wrong.safetensors: sample 1 has label 10, which is no class of the model: its output has 10 columns, labels 0 to 9/,
    );
    expect(studio.view().evaluation).toBeNull();
  });
});
