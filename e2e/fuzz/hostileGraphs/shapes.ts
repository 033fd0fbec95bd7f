import { fxFile, fxNode } from '../../files/fxFile';
import type { FuzzFile } from '../fuzzFormat';
import { ascii, type HostileInput, joined, openModel } from '../hostileInput';
import { fx, input, openData, safetensors, tfjs } from './files';
import { ONNX_SHAPES } from './onnxShapes';

const GIANT = 1_000_000_000;
/** What tensors of a safetensors file have. */
const DATA = new Uint8Array(16);
const linear = (features: number) =>
  fx(
    fxFile(
      {
        nodes: [
          fxNode('x', 'placeholder', 'x'),
          fxNode('fc', 'call_module', 'fc', 'x'),
          fxNode('output', 'output', 'output', 'fc'),
        ],
        modules: {
          fc: {
            type: 'torch.nn.Linear',
            attrs: { in_features: features, out_features: features, bias: false },
          },
        },
      },
      { 'fc.weight': { shape: [2, 2], data: new Float32Array(4) } },
    ),
  );
const npy = (shape: string): readonly FuzzFile[] => {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  return [
    {
      name: 'x.npy',
      bytes: joined(ascii('\x93NUMPY\x01\0'), Uint8Array.of(header.length, 0), ascii(header)),
    },
  ];
};

export const HOSTILE_SHAPES: readonly HostileInput[] = [
  ...ONNX_SHAPES,
  { what: 'an FX Linear of 10⁹ features', files: () => linear(GIANT), open: openModel, refusal: 'fc.weight' },
  { what: 'an FX Linear of 2⁶³ features', files: () => linear(2 ** 63), open: openModel, refusal: 'fc' },
  {
    what: 'a TensorFlow.js layer of 10⁹ units',
    files: () =>
      tfjs(
        [
          input,
          {
            class_name: 'Dense',
            name: 'last',
            config: { name: 'last', units: GIANT, use_bias: false },
            inbound_nodes: [[['x', 0, 0, {}]]],
          },
        ],
        'last',
        [{ name: 'last/kernel', shape: [4, GIANT], dtype: 'float32' }],
      ),
    open: openModel,
    refusal: 'model.json',
  },
  {
    what: 'a safetensors tensor of 10⁹ elements in 16 bytes',
    files: () => safetensors(`{"x":{"dtype":"F32","shape":[${GIANT}],"data_offsets":[0,16]}}`, DATA),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'a safetensors tensor of 2⁶³ elements',
    files: () =>
      safetensors('{"x":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,16]}}', DATA),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'a safetensors tensor without end',
    files: () =>
      safetensors('{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,18446744073709551615]}}', DATA),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'safetensors tensors that overlap',
    files: () =>
      safetensors(
        '{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"y":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
        DATA,
      ),
    open: openModel,
    refusal: 'overlap the tensor before it',
  },
  {
    what: 'a NumPy array of 10⁹ elements without a byte',
    files: () => npy('(1000000000,)'),
    open: openData,
    refusal: 'x.npy',
  },
  {
    what: 'a NumPy array of 2⁶³ elements',
    files: () => npy('(9223372036854775808,)'),
    open: openData,
    refusal: 'x.npy',
  },
];
