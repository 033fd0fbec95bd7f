import fc from 'fast-check';

/** Far from small numbers that someone may have picked for a test of their own. */
const SEED = 20_260_101;

// The same inputs at every run: a change is judged by what it changes. `npm run explore` draws new ones each time, and
// prints the seed and path of what it finds, to become a test.
if (import.meta.env.MODE !== 'explore') fc.configureGlobal({ seed: SEED });
