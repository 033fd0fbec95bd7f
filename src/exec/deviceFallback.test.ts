import { expect, it } from 'vitest';
import { openDevice } from './device';

// In a file, and so a process state, of its own: tfjs remembers that its WASM start failed.
it('falls back to the CPU where the WASM binary is missing, with the reason on the label', async () => {
  const device = await openDevice({ force: null, wasmPaths: '/nowhere/' });
  expect(device.backend).toBe('cpu');
  expect(device.label).toMatch(/^CPU: no GPU; WASM failed \(.+\)$/);
});
