import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../../exec/testDevice';
import type { Tensor } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { ELEMENT } from '../file/elementTypes';
import { readOnnx } from '../read';
import { floats, op, type TestGraph, testBytes } from '../testModel';
import { relativeError, runOnnx } from '../testRuntime';
import { runStudio } from '../testStudioRun';
import { writeOnnx } from '../write';

beforeAll(() => openTestDevice('cpu'));

const graph = (node: ReturnType<typeof op>, opset = 17): TestGraph => ({
  nodes: [node],
  inputs: { x: [2, 3, 4] },
  outputs: ['y'],
  initializers: [floats('lows', [], 3), floats('slopes', [3, 1], 4), floats('odd', [2, 1, 4], 5)],
  opset,
});

describe('ONNX Runtime computes the same of the file as of what is written anew', () => {
  it.each([
    ['HardSigmoid', op('HardSigmoid', 'x', 'y')],
    ['HardSigmoid of PyTorch', op('HardSigmoid', 'x', 'y', { alpha: { f: 1 / 6 } })],
    ['Selu', op('Selu', 'x', 'y')],
    ['Selu of other constants', op('Selu', 'x', 'y', { alpha: { f: 2 }, gamma: { f: 3 } })],
    ['Celu', op('Celu', 'x', 'y', { alpha: { f: 0.5 } })],
    ['ThresholdedRelu', op('ThresholdedRelu', 'x', 'y', { alpha: { f: 0.1 } })],
    ['Shrink', op('Shrink', 'x', 'y', { lambd: { f: 0.3 }, bias: { f: 0.1 } })],
    ['PRelu with a slope a channel', op('PRelu', 'x slopes', 'y')],
    ['PRelu with slopes of another shape', op('PRelu', 'x odd', 'y')],
    ['Clip from below', op('Clip', 'x lows', 'y')],
    ['Min of three', op('Min', 'x lows slopes', 'y')],
    ['Mean of two', op('Mean', 'x odd', 'y')],
    ['Sum of one', op('Sum', 'x', 'y')],
    ['ReduceL2', op('ReduceL2', 'x', 'y', { axes: { ints: [1] } })],
    ['ReduceProd of all', op('ReduceProd', 'x', 'y')],
    ['ReduceLogSumExp', op('ReduceLogSumExp', 'x', 'y', { axes: { ints: [-1, 0] }, keepdims: { i: 0 } })],
    ['LogSoftmax', op('LogSoftmax', 'x', 'y', { axis: { i: 1 } })],
  ])('%s', async (_, node) => {
    const bytes = testBytes(graph(node));
    const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
    const expected = await runOnnx(bytes, [[2, 3, 4]]);
    expect(relativeError(expected, await runOnnx(writeOnnx(model), [[2, 3, 4]]))).toBeLessThan(2e-6);
  });
});

describe('element types', () => {
  const whole = (elementType: number, ...data: number[]) => ({
    elementType,
    x: { dtype: 'int32', shape: [data.length], data: Int32Array.from(data) } satisfies Tensor,
  });

  it.each([
    ['INT8 wraps around', 'Add', whole(ELEMENT.INT8, 100, -100, 5), [-56, 56, 10]],
    ['UINT8 wraps around', 'Mul', whole(ELEMENT.UINT8, 20, 3, 255), [144, 9, 1]],
    ['INT64 is cut off towards zero', 'Div', whole(ELEMENT.INT64, -7, 7, 2), [1, 1, 1]],
  ])('%s', async (_, type, { elementType, x }, expected) => {
    const nodes = [op(type, 'x x', 'y')];
    const bytes = testBytes({ nodes, inputs: { x: [3] }, outputs: ['y'], elementType });
    const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
    expect(model.inputTypes).toEqual({ x: 'int32' });
    const [y] = await runStudio(model, { x });
    expect(y?.data).toEqual(expected);
  });

  it('strings are refused by name', async () => {
    const nodes = [op('Identity', 'x', 'y')];
    const bytes = testBytes({ nodes, inputs: { x: [3] }, outputs: ['y'], elementType: 8 });
    await expect(readOnnx(bytesSource(bytes, 'test.onnx'))).rejects.toThrow("input 'x' is STRING");
  });

  it.each([
    ['QuantizeLinear', 'the model is quantized already'],
    ['SequenceEmpty', 'it handles sequences'],
    ['Loop', 'it decides while the model runs'],
  ])('%s has its sentence', async (type, message) => {
    const bytes = testBytes(graph(op(type, 'x lows', 'y', {}, 'odd_one')));
    await expect(readOnnx(bytesSource(bytes, 'test.onnx'))).rejects.toThrow(
      `Node 'odd_one' is ${type}: ${message}`,
    );
  });
});
