import { bytesSource } from '../formats/byteSource';
import { openModel } from '../formats/openModel';
import { freshWork } from './freshWork';
import { DEFAULT_SETTINGS } from './settings';
import { studioView } from './studioView';
import type { StudioView } from './views';

/** So often what is called is compiled for speed, too. */
const TIMES = 3;

/**
 * Opens a small model and draws it, for nobody: browsers compile code when it is first called, which else the user's file would
 * wait for. Nothing that a Studio has is touched. Gives the last view.
 */
export async function warmUpOpening(): Promise<Omit<StudioView, 'state'>> {
  const { smallModel } = await import('../formats/onnx/smallModel');
  const source = bytesSource(smallModel(), 'small.onnx');
  const draw = async () =>
    studioView(
      freshWork(await openModel([source]), performance.now()),
      DEFAULT_SETTINGS,
      new WeakMap(),
      'known',
    );
  for (let time = 1; time < TIMES; time++) {
    await draw();
    // What the page asks meanwhile goes first.
    await new Promise((resume) => setTimeout(resume));
  }
  return draw();
}
