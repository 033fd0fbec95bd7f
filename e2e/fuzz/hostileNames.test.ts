import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../src/exec/testDevice';
import { joinedParts } from '../../src/formats/byteSource';
import { floats, op, testBytes } from '../../src/formats/onnx/testModel';
import { openDataset } from '../../src/formats/openDataset';
import { Studio } from '../../src/pipeline/studio';
import { BACKEND } from '../../src/pipeline/testStudio';
import { fxFile, fxNode } from '../files/fxFile';
import { npyFile } from '../files/npy';
import type { FuzzFile } from './fuzzFormat';
import { attempt } from './measure';
import { sources } from './seedFiles';

const RESERVED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const MARKUP = '<img src=x onerror=alert(1)>';

const onnx = (name: string): readonly FuzzFile[] => [
  {
    name: 'net.onnx',
    bytes: testBytes({
      nodes: [op('Gemm', 'x w', `${name}`, {}, name), op('Relu', name, 'y', {}, `${name}.relu`)],
      inputs: { x: ['N', 4] },
      outputs: ['y'],
      initializers: [floats('w', [4, 4])],
    }),
  },
];

/** A Linear whose node, module and tensor have the name. */
const fx = (name: string): readonly FuzzFile[] => [
  {
    name: 'net.safetensors',
    bytes: new Uint8Array(
      fxFile(
        {
          nodes: [
            fxNode('x', 'placeholder', 'x'),
            fxNode(name, 'call_module', name, 'x'),
            fxNode('output', 'output', 'output', name),
          ],
          modules: Object.fromEntries([
            [name, { type: 'torch.nn.Linear', attrs: { in_features: 2, out_features: 2, bias: false } }],
          ]),
        },
        Object.fromEntries([[`${name}.weight`, { shape: [2, 2], data: new Float32Array(4) }]]),
      ),
    ),
  },
];

const open = (files: readonly FuzzFile[]) => new Studio(BACKEND).openModel(sources(files));

beforeAll(() => openTestDevice('cpu'));

describe.each(RESERVED)('a thing named %s', (name) => {
  it('opens or is refused in words, and leaves the prototypes alone', async () => {
    for (const files of [onnx(name.replace(' ', '')), fx(name)]) await attempt(() => open(files), 2000);
    const array = npyFile([1, 2], Float32Array.of(1, 2));
    const npz: FuzzFile = { name: 'x.npz', bytes: zipSync(Object.fromEntries([[`${name}.npy`, array]])) };
    await attempt(() => openDataset(sources([npz])), 2000);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(JSON.stringify({})).toBe('{}');
  });
});

it('a name with markup is the same plain text in the graph and in what is printed', async () => {
  const studio = new Studio(BACKEND);
  const view = await studio.openModel(sources(fx(MARKUP)));
  expect(JSON.stringify(view)).toContain(JSON.stringify(MARKUP).slice(1, -1));
  const text = new TextDecoder().decode(await joinedParts((await studio.exportFile('text', 'load')).parts));
  expect(text).toContain(MARKUP);
});
