import { beforeAll, describe, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { goldenIndex } from './testGolden';
import { CHECKS } from './testGoldenChecks';
import { GoldenRun } from './testGoldenRun';

/** Checks of what the backend computes; structure is the same on all. */
const NUMBERS: ReadonlySet<string> = new Set([
  'prepared',
  'equalized',
  'float outputs',
  'int8 outputs',
  'plain int8 outputs',
]);

/** The checks of each golden that has what they need. */
const goldens = (backend: string) =>
  [...goldenIndex()]
    .map(([name, parts]) => {
      const checks = Object.entries(CHECKS).filter(
        ([check, { needs }]) => parts.includes(needs) && (backend === 'cpu' || NUMBERS.has(check)),
      );
      return [name, checks] as const;
    })
    .filter(([, checks]) => checks.length > 0);

describe.each(['cpu', 'wasm'] as const)('pytorch semantics against PyTorch 1.13.1, on %s', (backend) => {
  beforeAll(() => openTestDevice(backend));

  describe.each(goldens(backend))('%s', (name, checks) => {
    let run: GoldenRun;
    beforeAll(async () => {
      run = await GoldenRun.open(name);
    });
    for (const [check, { holds }] of checks) it(check, () => holds(run));
  });
});
