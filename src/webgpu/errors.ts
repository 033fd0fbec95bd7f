/** A device that is missing, refuses or fails. The message names the device, the limit and the way out. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}
