import { openTestDevice } from '../../src/exec/testDevice';
import { listCases, readCase } from './caseFiles';
import { type CaseResult, runCase } from './runCase';

/**
 * Runs the cases from position `first` on, on one backend, telling each beginning and end: the parent process sees by
 * them which case hangs or brings the process down.
 */
export async function runFrom(
  first: number,
  backend: 'cpu' | 'wasm',
  pattern: string,
  tell: (
    message: { readonly begun: number } | { readonly ended: number; readonly result: CaseResult },
  ) => void,
): Promise<void> {
  await openTestDevice(backend);
  const cases = listCases();
  for (let at = first; at < cases.length; at++) {
    const files = cases[at];
    if (!files?.name.includes(pattern)) continue;
    tell({ begun: at });
    tell({ ended: at, result: await runCase(readCase(files)) });
  }
}
