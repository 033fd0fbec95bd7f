import type { EngineApi, EngineFailure, Outcome, ProgressListener } from '../engine/api';
import { countOf } from './counting';
import {
  type Advised,
  bestMethod,
  type Compared,
  settingsOfAdvice,
  settingsOfMethod,
  settingsToCompare,
} from './findings';
import { chosenWords, methodWords } from './methodWords';
import type { MethodJobs, Slice, Studio } from './studio';
import { BESIDE_TITLES, type BesideJob } from './vocabulary';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Several phases make one method, and each counts from zero: the bar never goes back. */
const progressOf =
  (owner: BesideJob, set: Set, get: Get): ProgressListener =>
  (phase, done, total) => {
    const { job } = get();
    if (job?.step !== owner) return;
    const isSame = job.phase === phase && job.total === total;
    set({ job: { ...job, phase, done: isSame ? Math.max(job.done, done) : done, total } });
  };

function endEarly(get: Get, owner: BesideJob, { kind, message, node }: EngineFailure) {
  const title = BESIDE_TITLES[owner];
  if (kind === 'cancelled') get().announce(`${title}: cancelled`);
  else
    get().report(message, { title: `${title} failed${node === null ? '' : ` at ${node}`}`, subject: owner });
}

/** Runs a job that changes no step; what it found before stays until it has found something new. */
const runBeside = <T>(
  set: Set,
  get: Get,
  owner: BesideJob,
  work: (onProgress: ProgressListener) => Promise<Outcome<readonly T[]>>,
  keep: (rows: readonly T[]) => void,
): Promise<void> =>
  get().exclusively(owner, BESIDE_TITLES[owner], async () => {
    get().settle(owner);
    const outcome = await work(progressOf(owner, set, get));
    if (outcome.ok) keep(outcome.value);
    else endEarly(get, owner, outcome.error);
  });

const decibels = (value: number): string => `${Number.isFinite(value) ? value.toFixed(1) : value} dB`;

function bestWords({ rows, settings }: Compared): string {
  const best = bestMethod(rows);
  if (best === null || best.sqnr === null) return 'no method has an SQNR';
  const plain = rows.find(({ name }) => name === 'none')?.sqnr ?? null;
  const over = best.name === 'none' || plain === null ? '' : `, plain int8 ${decibels(plain)}`;
  return `highest SQNR by ${methodWords(best.name, settings)}, ${decibels(best.sqnr)}${over}`;
}

const adviceWords = ({ rows }: Advised): string => {
  const gaining = rows.filter(({ advised }) => advised).length;
  return `equalization gains at least 0.1 dB at ${gaining} of ${countOf(rows.length, 'layer')}`;
};

/** A long list is counted: `fc1, fc2, fc3 and 4 more`. */
const SHOWN_NAMES = 3;

function appliedWords({ rows }: Advised): string {
  const left = rows.filter(({ advised }) => !advised).map(({ layer }) => layer);
  const more = left.length > SHOWN_NAMES ? ` and ${left.length - SHOWN_NAMES} more` : '';
  const out = left.length === 0 ? '' : `, leaves out ${left.slice(0, SHOWN_NAMES).join(', ')}${more}`;
  return `Advice applied: equalizes ${countOf(rows.length - left.length, 'layer')} by auto${out}`;
}

/** Choices by hand are the user's: a method for the whole model does not take them away. */
const handWords = ({ byHand }: Studio['settings']): string =>
  Object.keys(byHand.methods).length + Object.keys(byHand.scales).length > 0
    ? '. Layers set by hand keep what they have'
    : '';

function compareMethods(engine: EngineApi, set: Set, get: Get): Promise<void> {
  const settings = settingsToCompare(get().settings, get().compared);
  return runBeside(
    set,
    get,
    'compareMethods',
    (onProgress) => engine.compareMethods(settings, onProgress),
    (rows) => {
      const { calibration, evaluation } = get().view;
      if (calibration === null) return;
      const compared: Compared = { rows, settings, calibration, evaluation };
      set({ compared, methodsView: 'comparison' });
      get().announce(`${BESIDE_TITLES.compareMethods}: ${bestWords(compared)}`);
    },
  );
}

function advise(engine: EngineApi, set: Set, get: Get): Promise<void> {
  const { settings } = get();
  return runBeside(
    set,
    get,
    'advise',
    (onProgress) => engine.advise(settings, onProgress),
    (rows) => {
      const { calibration, evaluation } = get().view;
      if (calibration === null) return;
      const advice: Advised = { rows, settings, calibration, evaluation };
      set({ advice, methodsView: 'advice' });
      get().announce(`${BESIDE_TITLES.advise}: ${adviceWords(advice)}`);
    },
  );
}

/** The work beside the steps: methods compared, and what equalization would gain each layer. */
export const createMethodJobs =
  (engine: EngineApi): Slice<MethodJobs> =>
  (set, get) => ({
    compared: null,
    advice: null,
    methodsView: 'comparison',

    setMethodsView: (methodsView) => set({ methodsView }),
    compareMethods: () => compareMethods(engine, set, get),
    advise: () => advise(engine, set, get),
    useMethod: async (name) => {
      const { compared, settings } = get();
      if (compared === null) return;
      const what = `${chosenWords(name, compared.settings)}${handWords(settings)}`;
      await get().changeSettings(settingsOfMethod(name, compared, settings), what);
    },
    applyAdvice: async () => {
      const { advice, settings } = get();
      if (advice === null) return;
      await get().changeSettings(settingsOfAdvice(advice), `${appliedWords(advice)}${handWords(settings)}`);
    },
  });
