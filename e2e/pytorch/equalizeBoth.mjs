// node equalizeBoth.mjs FX ONNX CALIBRATION OUT_FOLDER: runs equalizeBoth.ts and prints what came of it as JSON, in one line.
import { withModule } from '../loadModule.mjs';

await withModule('/e2e/pytorch/equalizeBoth.ts', async ({ equalizeBoth }) => {
  console.log(JSON.stringify(await equalizeBoth(...process.argv.slice(2))));
});
