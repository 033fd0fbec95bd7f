// A child process of run.mjs: node child.mjs FIRST BACKEND PATTERN, one JSON message a line.
import { withModule } from '../loadModule.mjs';

const [first, backend, pattern] = process.argv.slice(2);
await withModule('/e2e/conformance/child.ts', ({ runFrom }) =>
  runFrom(Number(first), backend, pattern, (message) => process.send(message)),
);
