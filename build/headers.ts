import type { Plugin } from 'vite';

/** COOP and COEP make the page cross-origin isolated: WASM threads need SharedArrayBuffer. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What the page may load and run: its own files. No model byte can leave it for another origin, and no text becomes
 * code, but for WebAssembly.
 */
const DIRECTIVES = {
  'default-src': "'none'",
  // blob: tfjs starts its WASM threads from a script that it writes.
  'script-src': "'self' 'wasm-unsafe-eval' blob:",
  'worker-src': "'self' blob:",
  // Mantine and React Flow place things by the style attribute.
  'style-src': "'self' 'unsafe-inline'",
  // blob: and data: are what the page draws itself, for saving and for the report.
  'img-src': "'self' blob: data:",
  'font-src': "'self'",
  // blob: files that were dropped.
  'connect-src': "'self' blob:",
  'base-uri': "'none'",
  'form-action': "'none'",
};

const textOf = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** As a header, which also keeps the page out of others' frames, and holds for its workers. */
export const pageHeaders = {
  ...isolation,
  'Content-Security-Policy': textOf({ ...DIRECTIVES, 'frame-ancestors': "'none'" }),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** In the page itself, so that it also holds where a plain file server sends no headers. */
export const securityMeta: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: textOf(DIRECTIVES) },
      injectTo: 'head-prepend',
    },
  ],
};
