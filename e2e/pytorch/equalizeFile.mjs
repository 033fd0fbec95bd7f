// node equalizeFile.mjs exact|pytorch MODEL CALIBRATION OUT: runs equalizeFile.ts and prints its outcome as JSON, in one line.
import { withModule } from '../loadModule.mjs';

const [semantics, model, calibration, out] = process.argv.slice(2);
await withModule('/e2e/pytorch/equalizeFile.ts', async ({ equalizeFile }) => {
  console.log(JSON.stringify(await equalizeFile(semantics, model, calibration, out)));
});
