import { INSTALLED_WASM } from '../../src/exec/testDevice';
import { openDevice } from '../../src/index';
import type { MethodName } from '../../src/pipeline/methods/methodRow';
import { type Measured, measure, type Pair } from './measure';
import { subjects } from './models';

const METHODS = ['input-weight', 'smoothquant', 'cross-layer', 'auto', 'pytorch'] as const;
const SAMPLES = ['digits', 'transformer'];

const db = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(1);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

const sqnrOf = ({ rows }: Measured, method: MethodName): number | null => rows[method]?.sqnr ?? null;

function gainOf(measured: Measured, method: MethodName): number | null {
  const [plain, equalized] = [sqnrOf(measured, 'none'), sqnrOf(measured, method)];
  const gain = (equalized ?? Number.NaN) - (plain ?? Number.NaN);
  return Number.isFinite(gain) ? gain : null;
}

interface Summary {
  readonly models: number;
  readonly mean: number;
  readonly least: number;
  /** Models whose int8 output is further from the float model's than without equalization. */
  readonly worse: number;
}

function summaryOf(gains: readonly (number | null)[]): Summary {
  const known = gains.filter((gain) => gain !== null);
  return {
    models: known.length,
    mean: known.reduce((sum, gain) => sum + gain, 0) / Math.max(1, known.length),
    least: Math.min(...known),
    worse: known.filter((gain) => gain < 0).length,
  };
}

const gainOfPair = (pair: Pair | null): number | null => {
  const gain = (pair?.equalized ?? Number.NaN) - (pair?.plain ?? Number.NaN);
  return Number.isFinite(gain) ? gain : null;
};

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

function summaryTable(all: readonly Measured[]): readonly string[] {
  const line = (title: string, gains: readonly (number | null)[]) => {
    const { models, mean, least, worse } = summaryOf(gains);
    return row(title, models, signed(mean), signed(least), worse);
  };
  const goldens = all.filter(({ subject }) => subject.group === 'golden');
  const traps = all.filter(({ subject }) => subject.group === 'trap');
  return [
    row('', 'models', 'mean gain, dB', 'least, dB', 'worse'),
    row('---', '---:', '---:', '---:', '---:'),
    ...METHODS.map((m) =>
      line(
        `goldens: ${m}`,
        goldens.map((g) => gainOf(g, m)),
      ),
    ),
    line(
      'goldens: auto, on unseen data',
      goldens.map(({ unseen }) => gainOfPair(unseen)),
    ),
    line(
      'goldens: PyTorch itself, its own test data',
      goldens.map(({ pytorch }) => gainOfPair(pytorch)),
    ),
    ...METHODS.map((m) =>
      line(
        `traps: ${m}`,
        traps.map((t) => gainOf(t, m)),
      ),
    ),
  ];
}

function modelTable(all: readonly Measured[]): readonly string[] {
  return [
    row('model', 'int8', ...METHODS, 'auto: muls', 'unseen: int8', 'auto', 'PyTorch: int8', 'equalized'),
    row('---', ...Array.from({ length: METHODS.length + 6 }, () => '---:')),
    ...all.map((m) =>
      row(
        m.subject.name,
        db(sqnrOf(m, 'none')),
        ...METHODS.map((method) => (m.rows[method]?.error ? 'refused' : db(sqnrOf(m, method)))),
        m.rows.auto?.muls ?? 0,
        db(m.unseen?.plain),
        db(m.unseen?.equalized),
        db(m.pytorch?.plain),
        db(m.pytorch?.equalized),
      ),
    ),
  ];
}

function accuracyTable(all: readonly Measured[]): readonly string[] {
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : `${(100 * value).toFixed(2)} %`;
  return [
    row('sample', 'int8', ...METHODS),
    row('---', ...Array.from({ length: METHODS.length + 1 }, () => '---:')),
    ...all.map((m) =>
      row(m.subject.name, ...(['none', ...METHODS] as const).map((name) => percent(m.rows[name]?.accuracy))),
    ),
  ];
}

const INTRODUCTION = `# What each method gains

Made by \`node e2e/methods/table.mjs\`, on the studio's WASM backend. SQNR in dB of the int8 model's output (reference form)
against the float model's; qconfig \`default\`, every layer to be equalized, SmoothQuant with α = 0.5, cross-layer without
absorption of biases. Goldens are the networks of \`e2e/oracle\`, most of them small and with random weights, with inputs
whose columns differ by two decades; traps are the graphs on which PyTorch's pass goes wrong.

- *int8* and the methods are measured on the calibration data, as the studio does. \`auto\` searches on that data: it is
  never worse there than int8 without equalization. *Unseen* is data that nothing was calibrated on, where values outside of
  the calibrated ranges are cut off whatever the scales.
- \`pytorch\` is the studio's PyTorch semantics, which the goldens hold to PyTorch 1.13.1. The last two columns are PyTorch's
  own outputs in the goldens: each case's own qconfig and choice of layers, on the case's test data.
- *refused*: PyTorch's pass raises an error there.
`;

/** The page docs/methods.md. `tell` is called with each model's name. */
export async function methodsPage(tell: (name: string) => void): Promise<string> {
  await openDevice({ force: 'wasm', wasmPaths: INSTALLED_WASM });
  const all: Measured[] = [];
  for await (const subject of subjects(SAMPLES)) {
    tell(subject.name);
    all.push(await measure(subject));
  }
  const samples = all.filter(({ subject }) => subject.group === 'sample');
  return [
    INTRODUCTION,
    '## In short',
    '',
    ...summaryTable(all),
    '',
    '## Accuracy of the samples, on their evaluation data',
    '',
    ...accuracyTable(samples),
    '',
    '## Every model',
    '',
    ...modelTable([...samples, ...all.filter(({ subject }) => subject.group !== 'sample')]),
    '',
  ].join('\n');
}
