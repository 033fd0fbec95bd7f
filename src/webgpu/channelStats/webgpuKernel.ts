import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelConfig, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { isSoftwareDevice } from '../adapter';
import { bindableValues, seeParts } from '../bindableParts';
import { DeviceError } from '../errors';
import { cutPositions, INVOCATIONS } from './cut';
import { CHANNEL_STATS, type ChannelView, parseParams } from './kernel';
import { foldProgram, type Reads, readProgram, readsOf } from './programs';

/** Slots that one invocation of the second program folds. */
const FOLD = 64;

type Uniforms = NonNullable<Parameters<WebGPUBackend['runWebGPUProgram']>[3]>;

const int32 = (...values: readonly number[]): Uniforms =>
  values.map((value) => ({ type: 'int32', data: [value] }));

/** A view of fours in the place of values. */
function viewOfReads({ outer, channels, inner }: ChannelView, reads: Reads): ChannelView {
  if (reads === 'channels') return { outer, channels: channels / 4, inner };
  return { outer, channels, inner: reads === 'positions' ? inner / 4 : inner };
}

/** Partial statistics of the slots, and how many slots there are. */
function foldValues(
  backend: WebGPUBackend,
  flat: TensorInfo,
  running: TensorInfo,
  whole: ChannelView,
): { readonly stats: TensorInfo; readonly slots: number } {
  const reads = readsOf(whole);
  const view = viewOfReads(whole, reads);
  const { channels, inner } = view;
  const cut = cutPositions(view, isSoftwareDevice(backend.device) ? INVOCATIONS.software : INVOCATIONS.gpu);
  const slots = cut.lanes * cut.chunks;
  // Neighbouring invocations take neighbouring addresses: channels where inner = 1, positions elsewhere.
  const [channelStride, laneStride] = inner === 1 ? [1, channels] : [cut.lanes, 1];
  const uniforms = int32(
    channels,
    inner,
    view.outer * inner,
    cut.lanes,
    slots,
    cut.chunk,
    channelStride,
    laneStride,
  );
  // tfjs' cast from integers to float32 relabels the tensor and keeps the integer buffer.
  const isFloat = backend.tensorMap.get(flat.dataId).dtype === 'float32';
  const program = readProgram(slots, view, reads, isFloat);
  return { stats: backend.runWebGPUProgram(program, [flat, running], 'int32', uniforms), slots };
}

/** New running statistics, of values that one binding holds. `flat`: tfjs makes index code for up to six axes only. */
function foldPart(
  backend: WebGPUBackend,
  flat: TensorInfo,
  running: TensorInfo,
  view: ChannelView,
): TensorInfo {
  let { stats, slots } = foldValues(backend, flat, running, view);
  while (slots > 1) {
    const next = Math.ceil(slots / FOLD);
    const uniforms = int32(view.channels, slots, next);
    const folded = backend.runWebGPUProgram(foldProgram(next, view.channels), [stats], 'int32', uniforms);
    backend.disposeData(stats.dataId);
    [stats, slots] = [folded, next];
  }
  return stats;
}

const kernelFunc: KernelFunc = (params): TensorInfo => {
  const { x, running, view: given } = parseParams(params);
  const backend = params.backend as WebGPUBackend;
  if (util.sizeFromShape(x.shape) === 0) {
    backend.incRef(running.dataId);
    return { ...running };
  }
  const { channels } = given;
  // With one channel every position is a neighbour of the next.
  const inner = channels === 1 ? given.outer * given.inner : given.inner;
  // A part holds whole rows of all channels, or any run of positions of the only one.
  const row = channels === 1 ? 1 : channels * inner;
  let stats = running;
  const isSeen = seeParts(backend, x, row, (part, values) => {
    const view =
      channels === 1 ? { outer: 1, channels, inner: values } : { outer: values / row, channels, inner };
    const next = foldPart(backend, part, stats, view);
    if (stats !== running) backend.disposeData(stats.dataId);
    stats = next;
  });
  if (!isSeen)
    throw new DeviceError(
      `A tensor of shape [${x.shape.join(', ')}] has ${4 * row} bytes a row of channels; this GPU binds at most ${4 * bindableValues(backend)} at once. Choose the WASM backend.`,
    );
  return stats;
};

export const webgpuChannelStats: KernelConfig = {
  kernelName: CHANNEL_STATS,
  backendName: 'webgpu',
  kernelFunc,
};
