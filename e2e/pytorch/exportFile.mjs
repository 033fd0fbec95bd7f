// node exportFile.mjs KIND STEP MODEL CALIBRATION OUT: runs exportFile.ts and prints each layer's decision as JSON.
import { withModule } from '../loadModule.mjs';

const [kind, step, model, calibration, out] = process.argv.slice(2);
await withModule('/e2e/pytorch/exportFile.ts', async ({ exportFile }) => {
  console.log(JSON.stringify(await exportFile(kind, step, model, calibration, out)));
});
