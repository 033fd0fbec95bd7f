interface Pending {
  readonly check: string;
  readonly why: string;
  /** Names of cases, `NAME@wasm` for one backend, `*` for all but each `!NAME`. */
  readonly cases: string;
}

/** Checks that our code does not pass yet. A case that passes fails the test: take it off the list then. */
const PENDING: readonly Pending[] = [
  {
    check: 'text',
    why: 'others',
    cases: `
      refused-infinity
    `,
  },
  {
    check: 'prepared',
    why: 'others',
    cases: `
      refused-nan refused-infinity
    `,
  },
  {
    check: 'equalized',
    why: 'others',
    cases: `
      refused-infinity
    `,
  },
  {
    check: 'float outputs',
    why: 'others',
    cases: `
      refused-infinity
    `,
  },
  {
    check: 'error',
    why: 'errors',
    cases: `
      refused-infinity refused-nan-none-selected refused-one-axis refused-six-axes
    `,
  },
];

export const isPending = (check: string, golden: string, backend: string): boolean =>
  PENDING.some((entry) => {
    const cases = entry.cases.split(/\s+/);
    const named = [golden, `${golden}@${backend}`, '*'].some((name) => cases.includes(name));
    return entry.check === check && named && !cases.includes(`!${golden}`);
  });
