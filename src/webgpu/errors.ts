/** A device that is missing, refuses or fails. The message names the device, the limit and the way out. */
export class DeviceError extends Error {
  override readonly name: string = 'DeviceError';
}

/** A GPU that is gone, or that cannot hold or do what it was given: the same work may be done on another device. */
export class GpuFailure extends DeviceError {
  override readonly name = 'GpuFailure';
  /**
   * `lost`: another device of the GPU may do; `memory`: it has no memory left, and another may do where less is on it; `refused`:
   * the next would refuse as well.
   */
  constructor(
    readonly kind: 'lost' | 'memory' | 'refused',
    /** What the browser says of it. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}
