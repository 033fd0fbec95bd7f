import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/*
 * The least that a kernel over all values can do: read each once. The values' bits are combined by exclusive or, as
 * what is not used would not be read.
 */

const WORKGROUP = 64;
const INVOCATIONS = 65_536;

const PROGRAM: WebGPUProgram = {
  shaderKey: 'readEveryValue',
  outputShape: [INVOCATIONS],
  workgroupSize: [WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [INVOCATIONS / WORKGROUP, 1, 1],
  variableNames: ['x'],
  variableComponents: [4],
  uniforms: 'fours: i32,',
  // Neighbouring invocations read neighbouring values, by fours, as the kernels that it is held against do.
  getUserCode: () => `
    fn main(index: i32) {
      var bits = vec4<i32>(0);
      for (var at = index; at < uniforms.fours; at += ${INVOCATIONS}) { bits ^= bitcast<vec4<i32>>(x[at]); }
      result[index] = bits.x ^ bits.y ^ bits.z ^ bits.w;
    }`,
};

async function onWebgpu(backend: WebGPUBackend, x: tf.Tensor): Promise<void> {
  const info = { dataId: x.dataId, shape: [x.size], dtype: x.dtype };
  if (x.size % 4 !== 0) throw new Error(`internal: ${x.size} values cannot be read by fours.`);
  const uniforms = [{ type: 'int32', data: [x.size / 4] }];
  const out = backend.runWebGPUProgram(PROGRAM, [info], 'int32', uniforms);
  await backend.read(out.dataId);
  backend.disposeData(out.dataId);
}

/** Kept, so that no compiler takes the loop away. */
export let lastBits = 0;
function onHost(values: Float32Array): void {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let all = 0;
  for (let i = 0; i < bits.length; i++) all ^= bits[i] ?? 0;
  lastBits = all;
}

/** Reads every value of a float tensor on the current backend, and waits until that is done. */
export async function readEveryValue(x: tf.Tensor): Promise<void> {
  switch (tf.getBackend()) {
    case 'webgpu':
      return onWebgpu(tf.backend() as WebGPUBackend, x);
    case 'wasm':
      return onHost((tf.backend() as BackendWasm).typedArrayFromHeap(x) as Float32Array);
    default:
      return onHost((tf.backend() as MathBackendCPU).readSync(x.dataId) as Float32Array);
  }
}
