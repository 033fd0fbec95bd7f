/** The core's door: what the page's engine (and a program in Node) may use. */
export { type BackendName, type Device, openDevice, type WasmPaths } from './exec/device';
export type { Job } from './exec/job';
export { type ByteSource, blobSource, bytesSource } from './formats/byteSource';
export { FormatError } from './formats/errors';
export type * from './formats/generated/generatedSettings';
export type { DrawPlan, ImageDecoder, Pixels } from './formats/images/imageDecoder';
export type { ImagePreview } from './formats/images/imagePreview';
export type * from './formats/images/imageSettings';
export { applyChange, type Change, revertChange } from './graph/change';
export { GraphError, UnsupportedOpError } from './graph/errors';
export * from './pipeline/comparisonView';
export type { DataOptions } from './pipeline/dataOptions';
export type { LayerAdvice } from './pipeline/methods/advice';
export type { MethodName, MethodRow } from './pipeline/methods/methodRow';
export * from './pipeline/settings';
export { Studio } from './pipeline/studio';
export * from './pipeline/views';
export { DeviceError } from './webgpu/errors';
