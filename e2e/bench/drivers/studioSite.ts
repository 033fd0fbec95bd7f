import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the built studio as `npm start` does. */
export async function openStudioSite(): Promise<Site> {
  const server = await preview({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('internal: the server has no address.');
  return { url, close: () => server.close() };
}
