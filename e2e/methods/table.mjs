// node e2e/methods/table.mjs: measures every method on all models of the tests and writes docs/methods.md. Some minutes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withModule } from '../loadModule.mjs';

await withModule('/e2e/methods/table.ts', async ({ methodsPage }) => {
  const page = await methodsPage((name) => process.stderr.write(`${name}\n`));
  writeFileSync(fileURLToPath(new URL('../../docs/methods.md', import.meta.url)), page);
});
