import { op, testBytes } from '../../../src/formats/onnx/testModel';
import { fxFile, fxNode } from '../../files/fxFile';
import { type HostileInput, openModel } from '../hostileInput';
import { fx, input, onnx, relu, tfjs } from './files';

const MILLION = 1_000_000;

const chain = (count: number) =>
  testBytes({
    nodes: Array.from({ length: count }, (_, i) => op('Relu', i === 0 ? 'x' : `v${i - 1}`, `v${i}`)),
    inputs: { x: ['N', 4] },
    outputs: [`v${count - 1}`],
  });

const fxChain = (count: number) =>
  fxFile(
    {
      nodes: [
        fxNode('x', 'placeholder', 'x'),
        ...Array.from({ length: count }, (_, i) =>
          fxNode(`r${i}`, 'call_function', 'torch.relu', i === 0 ? 'x' : `r${i - 1}`),
        ),
        fxNode('output', 'output', 'output', `r${count - 1}`),
      ],
      modules: {},
    },
    {},
  );

export const HOSTILE_CHAINS: readonly HostileInput[] = [
  {
    what: 'an ONNX chain of 10⁶ nodes',
    files: () => onnx(chain(MILLION)),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'an FX chain of 10⁶ nodes',
    files: () => fx(fxChain(MILLION)),
    open: openModel,
    refusal: 'at most',
  },
  {
    what: 'a TensorFlow.js chain of 10⁶ layers',
    files: () =>
      tfjs(
        [input, ...Array.from({ length: MILLION }, (_, i) => relu(`r${i}`, i === 0 ? 'x' : `r${i - 1}`))],
        `r${MILLION - 1}`,
      ),
    open: openModel,
    refusal: 'at most',
  },
];
