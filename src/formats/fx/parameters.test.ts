import { expect, it } from 'vitest';
import { TestModel } from '../../exec/testModel';
import { paramName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { floatTensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import { readSafetensorsHeader } from '../safetensors/header';
import { writeSafetensors } from '../safetensors/write';
import { readFx } from './read';
import { writeFx } from './write';

function functional(target = 'torch.nn.functional.linear'): Model {
  const g = new TestModel();
  const weight = g.constant('w', floatTensor([2, 2], Float32Array.of(1, 2, 3, 4)));
  return g.build(g.call('linear', target, g.input('x'), weight));
}
const source = (bytes: Uint8Array) => bytesSource(bytes, 'test.safetensors');
const open = async (bytes: Uint8Array) => (await readFx(source(bytes))).model;
const metadataOf = async (bytes: Uint8Array) => (await readSafetensorsHeader(source(bytes))).metadata;

it('a file says which tensors outside of modules are parameters; without the key none are', async () => {
  const buffers = writeFx(functional());
  expect(Object.keys(await metadataOf(buffers))).toEqual(['format', 'fx']);
  expect((await open(buffers)).parameters).toEqual([]);
  const model = { ...functional(), parameters: [paramName('w')] };
  const bytes = writeFx(model);
  expect((await metadataOf(bytes)).parameters).toBe('["w"]');
  expect((await open(bytes)).parameters).toEqual(['w']);
  expect(writeFx(await open(bytes))).toEqual(bytes);
});

it.each([
  ['w', "the text under the key 'parameters' is not JSON"],
  ['[1]', "the key 'parameters' must list names of tensors"],
  ['["v"]', "names tensor 'v', which the file does not have"],
])('parameters %s are refused', async (parameters, problem) => {
  const model = functional();
  const metadata = await metadataOf(writeFx(model));
  const file = writeSafetensors(model.params, { ...metadata, parameters });
  await expect(open(file)).rejects.toMatchObject({
    name: 'FormatError',
    message: expect.stringContaining(problem),
  });
});

it("PyTorch's own name of F.linear is taken for the public one", async () => {
  const text = (await metadataOf(writeFx(functional()))).fx ?? '';
  const model = functional();
  const fx = text.replace('torch.nn.functional.linear', 'torch._C._nn.linear');
  expect(fx).not.toBe(text);
  const read = await open(writeSafetensors(model.params, { format: 'pt', fx }));
  expect(read.graph).toEqual(model.graph);
});
