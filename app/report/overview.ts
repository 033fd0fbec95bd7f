import type { DatasetView, Results, StepView } from '../../src/index';
import {
  formatCorrect,
  formatDb,
  formatGain,
  formatNumber,
  formatPercent,
  formatTime,
  tidy,
} from '../panels/format';
import { ABOUT_GENERATED, isGenerated, ON_GENERATED } from '../store/generatedSamples';
import { verdictOf } from '../store/verdict';
import { STEP_WORDS, STEPS } from '../store/vocabulary';
import { type Block, column, figures, type Section, sectionOf } from './document';
import type { ReportSource } from './source';

function resultRows(results: Results, labelled: number | null): readonly (readonly string[])[] {
  const { sqnr, accuracy } = results;
  const row = (name: string, db: string, gain: string, fraction: number | undefined) => [
    name,
    db,
    gain,
    formatPercent(fraction),
    formatCorrect(fraction, labelled) || '—',
  ];
  return [
    row('float', '—', '—', accuracy?.float),
    row('int8', formatDb(sqnr.plain), '—', accuracy?.plain),
    row(
      'int8, equalized',
      formatDb(sqnr.equalized),
      formatGain(sqnr.plain, sqnr.equalized),
      accuracy?.equalized,
    ),
  ];
}

/** What came of it, first of all. */
export function verdictSection({ view, settings }: ReportSource): Section {
  const verdict = verdictOf(view, settings);
  const { results, evaluation } = view;
  if (verdict === null || results === null)
    return {
      title: 'Verdict',
      blocks: [
        { kind: 'paragraph', text: 'No verdict: Convert has not run, so nothing was measured in int8.' },
      ],
    };
  const labelled = evaluation?.labels === true ? evaluation.samples : null;
  const isMadeUp = isGenerated(view.calibration);
  const words = [...(isMadeUp ? [ABOUT_GENERATED] : []), ...verdict.reasons];
  const reasons = words.map((text): Block => ({ kind: 'paragraph', text }));
  return {
    title: 'Verdict',
    blocks: [
      {
        kind: 'verdict',
        tone: verdict.tone,
        text: verdict.result,
        mark: isMadeUp ? ON_GENERATED : null,
      },
      ...reasons,
      {
        kind: 'table',
        caption: 'Models of this run',
        columns: [column('model'), ...figures('SQNR, dB', 'gain', 'accuracy', 'correct')],
        rows: resultRows(results, labelled),
      },
    ],
  };
}

function dataWords(data: DatasetView | null): string {
  if (data === null) return 'none';
  const made = data.origin === 'generated' ? ', made up by the studio' : '';
  return `${data.source}: ${data.samples.toLocaleString('en')} samples${data.labels ? ' with labels' : ''}${made} (${data.arrays.join('; ')})`;
}

/** The badge's words; they name the adapter where there is one. */
const backendWords = (backend: ReportSource['backend']): string => {
  if (backend === null) return 'unknown';
  const { label, adapter } = backend;
  const isSaid = label.includes(adapter) || label.endsWith('as chosen');
  return isSaid ? label : `${label} (${adapter})`;
};

export function modelSection({ view, backend }: ReportSource): Section {
  const { model, calibration, evaluation } = view;
  const facts: readonly (readonly [string, string])[] =
    model === null
      ? []
      : [
          ['Model', model.name],
          ['Format', model.format],
          ['Parameters', model.parameters.toLocaleString('en')],
          ['Inputs', model.inputs.map(({ name, shape }) => `${name} ${shape}`).join(', ') || 'none'],
          ['Layers to equalize', view.layers.length.toLocaleString('en')],
        ];
  return {
    title: 'Model, data, backend',
    blocks: [
      {
        kind: 'facts',
        rows: [
          ...facts,
          ['Calibration data', dataWords(calibration)],
          ['Evaluation data', dataWords(evaluation)],
          ['Backend', backendWords(backend)],
        ],
      },
    ],
  };
}

export function stepsSection({ view }: ReportSource): Section {
  const done = STEPS.flatMap((step): readonly StepView[] => {
    const one = view.steps[step];
    return one === undefined ? [] : [one];
  });
  return {
    title: 'Steps',
    blocks: [
      {
        kind: 'table',
        caption: 'What was run',
        columns: [column('step'), ...figures('time', 'changes'), column('result')],
        rows: done.map(({ step, ms, changes, summary, failed }) => [
          STEP_WORDS[step].title,
          formatTime(ms),
          String(changes.length),
          `${failed ? 'FAILED. ' : ''}${tidy(summary)}`,
        ]),
      },
    ],
  };
}

export function verificationSection({ view }: ReportSource): readonly Section[] {
  const verification = view.results?.verification ?? null;
  if (verification === null) return [];
  return sectionOf('Verification', [
    {
      kind: 'paragraph',
      text: 'The equalized float model against the loaded one, on the calibration data: equalization alone must not change what the model computes.',
    },
    {
      kind: 'facts',
      rows: [
        ['Largest absolute error', formatNumber(verification.maxAbsError)],
        ['Relative to the largest output', formatNumber(verification.maxRelError)],
        ['Limit in exact semantics', '1e−4'],
      ],
    },
  ]);
}

/** Everything that the studio warned of or remarked. */
export function notesSection({ view }: ReportSource): readonly Section[] {
  const warnings = STEPS.flatMap((step): readonly Block[] => {
    const warning = view.steps[step]?.warning ?? null;
    return warning === null ? [] : [{ kind: 'warning', text: `${STEP_WORDS[step].title}: ${tidy(warning)}` }];
  });
  const unused = (view.model?.unused ?? []).map(
    (file) => `${file} came along and the model does not name it.`,
  );
  const notes = [
    ...(view.model?.notes ?? []),
    ...unused,
    ...(view.calibration?.notes ?? []),
    ...(view.evaluation?.notes ?? []),
  ];
  const list: readonly Block[] = notes.length === 0 ? [] : [{ kind: 'list', items: notes.map(tidy) }];
  return sectionOf('Warnings and notes', [...warnings, ...list]);
}
