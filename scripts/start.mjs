// `npm start`: installs what is missing, builds what is stale, serves the studio on localhost.
import { connect } from 'node:net';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { fail, ROOT, requireNode } from './run.mjs';

function requestedPort() {
  const text = process.env.PORT ?? '5173';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    fail(`PORT is '${text}': it must be a whole number from 1 to 65535.`);
  return port;
}

/** True when something answers on the port. Both loopback addresses count: a browser may try either. */
const answers = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

async function requireFree(port) {
  const taken = await Promise.all(['127.0.0.1', '::1'].map((host) => answers(host, port)));
  if (taken.includes(true))
    fail(
      `Port ${port} is in use: stop what runs there, or choose another one, as in PORT=${port + 1} npm start.`,
    );
}

async function serve(port) {
  const { preview } = await import('vite');
  // 127.0.0.1: the studio is for this machine alone, and `localhost` reaches it however it resolves.
  const server = await preview({
    root: ROOT,
    logLevel: 'warn',
    preview: { port, strictPort: true, host: '127.0.0.1' },
  });
  const stop = () => server.httpServer.close(() => process.exit(0)).closeAllConnections();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(`Equalization Studio: http://localhost:${port}`);
}

requireNode();
const port = requestedPort();
await requireFree(port);
await installDependencies();
if ((await build()) !== 0) fail('The build failed: see the messages above.');
await serve(port);
