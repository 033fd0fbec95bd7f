import * as ort from 'onnxruntime-web';

/**
 * Runs a model of one input and one output in ONNX Runtime, one call for each `shape` full of values.
 * Gives the outputs of all calls in a row. `externalData`: the model's data files, by the paths in it.
 */
export async function runOnnx(
  model: Uint8Array,
  values: Float32Array,
  shape: readonly number[],
  externalData: readonly { readonly path: string; readonly data: Uint8Array }[] = [],
): Promise<readonly number[]> {
  const session = await ort.InferenceSession.create(model, { externalData });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  if (input === undefined || output === undefined) throw new Error('the model has no input or no output');
  const size = shape.reduce((product, dim) => product * dim, 1);
  const outputs: number[] = [];
  for (let start = 0; start < values.length; start += size) {
    const feed = new ort.Tensor('float32', values.slice(start, start + size), [...shape]);
    const data = (await session.run({ [input]: feed }))[output]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`output '${output}' is not float32`);
    outputs.push(...data);
  }
  await session.release();
  return outputs;
}
