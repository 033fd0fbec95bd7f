import { beforeAll, describe, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { goldenIndex } from './testGolden';
import { CHECKS } from './testGoldenChecks';
import { isPending } from './testGoldenPending';
import { GoldenRun } from './testGoldenRun';

/** A pending check must fail, so that the list stays true; with other sizes it may well pass. */
const PENDING = process.env.GOLDENS ? it.skip : it.fails;

describe.each(['cpu', 'wasm'] as const)('pytorch semantics against PyTorch 1.13.1, on %s', (backend) => {
  beforeAll(() => openTestDevice(backend));

  describe.each([...goldenIndex()])('%s', (name, parts) => {
    let run: GoldenRun;
    beforeAll(async () => {
      run = await GoldenRun.open(name);
    });
    for (const [check, { needs, holds }] of Object.entries(CHECKS)) {
      if (!parts.includes(needs)) continue;
      const test = isPending(check, name, backend) ? PENDING : it;
      test(check, () => holds(run));
    }
  });
});
