import { benchChannelStats } from './channelStats';
import { benchHistogram } from './histogram';
import type { Measurement } from './measurement';

declare global {
  interface Window {
    /** Called by scripts/bench.mjs. */
    runBench?: () => Promise<readonly Measurement[]>;
  }
}

window.runBench = async () => [...(await benchChannelStats()), ...(await benchHistogram())];
