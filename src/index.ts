/** The core's door: what the page's engine (and a program in Node) may use. */
export { type BackendName, type Device, openDevice, type WasmPaths } from './exec/device';
export type { Job } from './exec/job';
export { type ByteSource, blobSource, bytesSource } from './formats/byteSource';
export { baseName, MissingFilesError } from './formats/companions';
export { FormatError } from './formats/errors';
export { applyChange, type Change, revertChange } from './graph/change';
export { GraphError, UnsupportedOpError } from './graph/errors';
export * from './pipeline/comparisonView';
export type { LayerAdvice } from './pipeline/methods/advice';
export type { MethodName, MethodRow } from './pipeline/methods/methodRow';
export type { OnnxRuntime, RuntimeFile, RuntimeSession, RuntimeTensor } from './pipeline/onnxRuntime/runtime';
export type { RuntimeCheckView, RuntimeRow, RuntimeRowName } from './pipeline/onnxRuntime/runtimeView';
export * from './pipeline/settings';
export { Studio } from './pipeline/studio';
export * from './pipeline/views';
export { DeviceError } from './webgpu/errors';
