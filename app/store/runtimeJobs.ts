import type { RuntimeCheckView } from '../../src/index';
import type { EngineApi, ProgressListener } from '../engine/api';
import { countOf } from './counting';
import type { RuntimeJobs, Slice, Studio } from './studio';
import { BESIDE_TITLES } from './vocabulary';

const OWNER = 'checkRuntime';
const TITLE = BESIDE_TITLES[OWNER];

/** `original, equalized, quantized agree`, or which do not. */
function outcomeWords({ rows }: RuntimeCheckView): string {
  const bad = rows.filter(({ agrees, error }) => agrees === false || error !== null);
  if (bad.length > 0) return `${bad.map(({ name }) => name).join(', ')}: see the tab ONNX Runtime`;
  return `${countOf(rows.filter(({ agrees }) => agrees === true).length, 'file')} agree with the studio`;
}

async function check(engine: EngineApi, set: (patch: Partial<Studio>) => void, get: () => Studio) {
  get().settle(OWNER);
  const onProgress: ProgressListener = (phase, done, total) => {
    const { job } = get();
    if (job?.step === OWNER) set({ job: { ...job, phase, done, total } });
  };
  const outcome = await engine.checkRuntime(onProgress);
  if (!outcome.ok) {
    const { kind, message, node } = outcome.error;
    if (kind === 'cancelled') get().announce(`${TITLE}: cancelled`);
    else
      get().report(message, {
        title: `${TITLE} failed${node === null ? '' : ` at ${node}`}`,
        subject: OWNER,
      });
    return;
  }
  get().adopt(outcome.value, get().shown);
  get().setTab('runtime');
  const result = outcome.value.onnxRuntime;
  if (result !== null) get().announce(`${TITLE}: ${outcomeWords(result)}`);
}

/** The exports, run where they will be deployed. */
export const createRuntimeJobs =
  (engine: EngineApi): Slice<RuntimeJobs> =>
  (set, get) => ({
    checkRuntime: () => get().exclusively(OWNER, TITLE, () => check(engine, set, get)),
  });
