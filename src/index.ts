/** The core's door: what the page's engine (and a program in Node) may use. */
export {
  type BackendName,
  type Device,
  type DevicePlan,
  openDevice,
  planDevice,
  type WasmPaths,
} from './exec/device';
export type { Job } from './exec/job';
export { isOutOfMemory, OUT_OF_MEMORY } from './exec/outOfMemory';
export { type DeviceMove, type SteadyDevice, steadyDevice } from './exec/steadyDevice';
export { type ByteSource, blobSource, bytesSource, type FilePart, joinedParts } from './formats/byteSource';
export { baseName, MissingFilesError } from './formats/companions';
export { FormatError } from './formats/errors';
export type * from './formats/generated/generatedSettings';
export type { DrawPlan, ImageDecoder, Pixels } from './formats/images/imageDecoder';
export type { ImagePreview } from './formats/images/imagePreview';
export type * from './formats/images/imageSettings';
export type { OpenedModel } from './formats/openedModel';
export type { WrittenRecord } from './formats/saved/write';
export { memberBlob, zipOfBlobs } from './formats/zip/blobZip';
export { listZip } from './formats/zip/directory';
export { applyChange, type Change, revertChange } from './graph/change';
export { GraphError, UnsupportedOpError } from './graph/errors';
export * from './pipeline/comparisonView';
export type { DataOptions } from './pipeline/data/dataOptions';
export { LayersWantedError } from './pipeline/layersAssistant';
export type * from './pipeline/layersViews';
export type { LayerAdvice } from './pipeline/methods/advice';
export type { MethodName, MethodRow } from './pipeline/methods/methodRow';
export type { OnnxRuntime, RuntimeFile, RuntimeSession, RuntimeTensor } from './pipeline/onnxRuntime/runtime';
export type { RuntimeCheckView, RuntimeRow, RuntimeRowName } from './pipeline/onnxRuntime/runtimeView';
export type * from './pipeline/playback/playbackViews';
export type * from './pipeline/plots/plotViews';
export { reopenModel } from './pipeline/saved/reopen';
export { readStates, StateWriter } from './pipeline/saved/savedWork';
export type { State } from './pipeline/saved/states';
export * from './pipeline/settings';
export { Studio } from './pipeline/studio';
export * from './pipeline/views';
export { warmUpOpening } from './pipeline/warmUp';
export { DeviceError } from './webgpu/errors';
