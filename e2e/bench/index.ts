/* What scripts/bench.mjs uses. */
export { GROUP_NAMES, runBench, runScaling } from './bench';
export { machineLine } from './machine';
export { benchReport } from './report';
export { printed, printedBound, printedRatio, verdictOf } from './row';
