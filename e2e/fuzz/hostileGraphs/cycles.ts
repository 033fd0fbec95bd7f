import { op, testBytes } from '../../../src/formats/onnx/testModel';
import { fxFile, fxNode } from '../../files/fxFile';
import { type HostileInput, openModel } from '../hostileInput';
import { fx, input, onnx, relu, tfjs } from './files';

export const HOSTILE_CYCLES: readonly HostileInput[] = [
  {
    what: 'a cycle of ONNX nodes',
    files: () =>
      onnx(
        testBytes({
          nodes: [op('Add', 'x b', 'a'), op('Relu', 'a', 'b')],
          inputs: { x: [1] },
          outputs: ['b'],
        }),
      ),
    open: openModel,
    refusal: "'b'",
  },
  {
    what: 'an ONNX node that reads itself',
    files: () => onnx(testBytes({ nodes: [op('Relu', 'a', 'a')], inputs: { x: [1] }, outputs: ['a'] })),
    open: openModel,
    refusal: "'a'",
  },
  {
    what: 'a cycle of FX nodes',
    files: () =>
      fx(
        fxFile(
          {
            nodes: [
              fxNode('x', 'placeholder', 'x'),
              fxNode('a', 'call_function', 'torch.relu', 'b'),
              fxNode('b', 'call_function', 'torch.relu', 'a'),
              fxNode('output', 'output', 'output', 'b'),
            ],
            modules: {},
          },
          {},
        ),
      ),
    open: openModel,
    refusal: "reads 'b', which is not defined before it",
  },
  {
    what: 'a cycle of TensorFlow.js layers',
    files: () => tfjs([input, relu('a', 'b'), relu('last', 'a'), relu('b', 'last')]),
    open: openModel,
    refusal: 'model.json',
  },
];
