interface Pending {
  readonly check: string;
  readonly why: string;
  /** Names of cases, `NAME@wasm` for one backend, `*` for all but each `!NAME`. */
  readonly cases: string;
}

/** Checks that our code does not pass yet. A case that passes fails the test: take it off the list then. */
const PENDING: readonly Pending[] = [];

export const isPending = (check: string, golden: string, backend: string): boolean =>
  PENDING.some((entry) => {
    const cases = entry.cases.split(/\s+/);
    const named = [golden, `${golden}@${backend}`, '*'].some((name) => cases.includes(name));
    return entry.check === check && named && !cases.includes(`!${golden}`);
  });
