import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

export interface Site {
  readonly url: string;
  /** Bytes that the server has sent so far, headers too, to whomever. */
  sent(): number;
  close(): Promise<void>;
}

/** Serves the built studio as `npm start` does. */
export async function openStudioSite(): Promise<Site> {
  const server = await preview({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  });
  const sockets = new Set<Socket>();
  server.httpServer.on('connection', (socket: Socket) => sockets.add(socket));
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('internal: the server has no address.');
  return {
    url,
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    close: () => server.close(),
  };
}
