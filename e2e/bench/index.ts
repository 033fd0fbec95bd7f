/* What scripts/bench.mjs uses. */
export { runBench, runScaling, TABLE_GROUPS } from './bench';
export { refusalToWrite, withGenerated } from './generated';
export { machineLine } from './machine';
export { growthCells, growthReport, tableReport } from './report';
export { printed, printedBound, printedRatio, verdictOf } from './row';
