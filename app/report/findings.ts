import type { RuntimeRowName, SemanticsFigures } from '../../src/index';
import { formatDb, formatGain, formatNumber, formatPercent, formatTime, tidy } from '../panels/format';
import { countOf } from '../store/counting';
import { comparedStale } from '../store/findings';
import { methodWords } from '../store/methodWords';
import { type Block, column, figures, type Section, sectionOf } from './document';
import type { ReportSource } from './source';

/** Methods side by side, where they were compared. */
export function methodsSection(source: ReportSource): readonly Section[] {
  const { compared } = source;
  if (compared === null) return [];
  const plain = compared.rows.find(({ name }) => name === 'none')?.sqnr ?? null;
  const stale = comparedStale(compared, source);
  const note: readonly Block[] =
    stale === null ? [] : [{ kind: 'warning', text: `These figures are of earlier ${stale}.` }];
  return sectionOf('Methods compared', [
    ...note,
    {
      kind: 'table',
      caption: 'Every method on this model and data',
      columns: [
        column('method'),
        ...figures('SQNR, dB', 'gain', 'accuracy', 'muls', 'folds', 'float error', 'time'),
        column('remark'),
      ],
      rows: compared.rows.map(({ name, sqnr, accuracy, muls, folds, maxRelError, ms, error }) => [
        methodWords(name, compared.settings),
        formatDb(sqnr),
        name === 'none' ? '—' : formatGain(plain, sqnr),
        formatPercent(accuracy),
        error === null ? String(muls) : '—',
        error === null ? String(folds) : '—',
        formatNumber(maxRelError),
        formatTime(ms),
        error === null ? '—' : tidy(error),
      ]),
    },
  ]);
}

const semanticsRow = (name: string, { maxRelError, sqnr, error }: SemanticsFigures): readonly string[] => [
  name,
  formatNumber(maxRelError),
  formatDb(sqnr),
  error === null ? '—' : `stops at ${error.step}: ${tidy(error.message)}`,
];

/** Where PyTorch 1.13.1 and exact semantics part on this model. */
export function semanticsSection({ view }: ReportSource): readonly Section[] {
  const { comparison } = view;
  if (comparison === null) return [];
  if (comparison.kind === 'stopped')
    return sectionOf('Exact and PyTorch', [
      { kind: 'paragraph', text: `The two semantics were not compared: ${tidy(comparison.reason)}` },
    ]);
  const { differences, exact, pytorch } = comparison.comparison;
  const places: Block =
    differences.length === 0
      ? { kind: 'paragraph', text: 'Both do the same on this model.' }
      : {
          kind: 'table',
          caption: 'Where they part',
          columns: [column('node'), column('exact'), column('PyTorch 1.13.1')],
          rows: differences.map((one) => [one.node, tidy(one.exact), tidy(one.pytorch)]),
        };
  return sectionOf('Exact and PyTorch', [
    {
      kind: 'table',
      caption: 'Both semantics on this model, data and settings',
      columns: [column('semantics'), ...figures('float error', 'SQNR, dB'), column('remark')],
      rows: [semanticsRow('exact', exact), semanticsRow('PyTorch 1.13.1', pytorch)],
    },
    places,
  ]);
}

const RUNTIME_NAMES: { readonly [N in RuntimeRowName]: string } = {
  original: 'model as it was',
  equalized: 'equalized model',
  quantized: 'quantized model',
  'quantized-optimized': 'quantized model, optimized graph',
};

const AGREES: Readonly<Record<string, string>> = { true: 'agrees', false: 'does not agree', null: '—' };

export function runtimeSection({ view: { onnxRuntime } }: ReportSource): readonly Section[] {
  if (onnxRuntime === null) return [];
  const { rows, version, samples, stale } = onnxRuntime;
  const note: readonly Block[] = stale
    ? [{ kind: 'warning', text: 'Steps or data have changed since this check.' }]
    : [];
  return sectionOf('Check in ONNX Runtime', [
    ...note,
    {
      kind: 'table',
      caption: `Exports run by ONNX Runtime ${version} on ${countOf(samples, 'sample')}, against the studio’s own models`,
      columns: [column('file'), ...figures('largest relative error', 'SQNR, dB'), column('outcome')],
      rows: rows.map(({ name, maxRelError, sqnr, agrees, error }) => [
        RUNTIME_NAMES[name],
        formatNumber(maxRelError),
        formatDb(sqnr),
        error === null ? (AGREES[String(agrees)] ?? '—') : tidy(error),
      ]),
    },
  ]);
}
