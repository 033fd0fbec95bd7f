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

/** Two layers whose weights are one tensor in the module that was exported. */
function tiedModel(): Model {
  const g = new TestModel();
  const square = [
    [1, 2],
    [3, 4],
  ];
  const model = g.build(g.linear('c', g.linear('b', g.linear('a', g.input('x'), square), square), square));
  return { ...model, tied: [[paramName('a.weight'), paramName('b.weight')]] };
}

it('a file says which tensors are one, there and back', async () => {
  const bytes = writeFx(tiedModel());
  expect((await metadataOf(bytes)).tied).toBe('[["a.weight","b.weight"]]');
  expect((await open(bytes)).tied).toEqual([['a.weight', 'b.weight']]);
  expect(writeFx(await open(bytes))).toEqual(bytes);
});

it.each([
  ['["a.weight"]', "the key 'tied' must list groups of names of tensors"],
  ['[["a.weight","v"]]', "names tensor 'v', which the file does not have"],
])('ties %s are refused', async (tied, problem) => {
  const model = tiedModel();
  const file = writeSafetensors(model.params, { ...(await metadataOf(writeFx(model))), tied });
  await expect(open(file)).rejects.toMatchObject({
    name: 'FormatError',
    message: expect.stringContaining(problem),
  });
});
