/** The GPU that the browser offers, or why there is none. */
export type AdapterFound =
  | { readonly kind: 'hardware' | 'software'; readonly name: string; readonly adapter: GPUAdapter }
  | { readonly kind: 'none'; readonly reason: string };

/** Names under which software rasterizers show up in an adapter's info. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** Parts of an adapter's info that name it, the most telling first; browsers blank some of them. */
function nameOf(info: GPUAdapterInfo): string {
  const text = [info.description, info.device, info.vendor, info.architecture].join(' ');
  if (/swiftshader/i.test(text)) return 'SwiftShader';
  const vendor = [info.vendor, info.architecture].filter((part) => part !== '').join(' ');
  return info.description || vendor || info.device || 'unnamed GPU';
}

/** Whether an adapter's info says that the processor computes what a GPU would. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  const text = [info.description, info.device, info.vendor, info.architecture].join(' ');
  return SOFTWARE.test(text) || info.isFallbackAdapter === true;
}

/** Older browsers do not say of a device which adapter it is of: they count as GPUs. */
export const isSoftwareDevice = ({ adapterInfo }: GPUDevice): boolean =>
  adapterInfo !== undefined && isSoftware(adapterInfo);

/** Asks the browser (page or worker) for its fastest WebGPU adapter. Never throws: a refusal is an answer. */
export async function findAdapter(): Promise<AdapterFound> {
  if (typeof navigator === 'undefined' || !('gpu' in navigator) || !navigator.gpu)
    return { kind: 'none', reason: 'this browser has no WebGPU' };
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { kind: 'none', reason: 'no GPU' };
    const { info } = adapter;
    return { kind: isSoftware(info) ? 'software' : 'hardware', name: nameOf(info), adapter };
  } catch (error) {
    return {
      kind: 'none',
      reason: `WebGPU refused: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
