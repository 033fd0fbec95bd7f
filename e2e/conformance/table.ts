import { listCases, SUITES, type Suite } from './caseFiles';
import { REASONS } from './reasons';
import type { CaseResult } from './runCase';

/** Of the node cases whose ops are listed, at least this part must pass. */
const LEAST_PART = 0.95;

/** A result, or that of a case that hung or brought its process down. */
export function named(at: number, result: CaseResult | { readonly crashed: number }): CaseResult {
  if (!('crashed' in result)) return result;
  const files = listCases()[at];
  if (!files) throw new Error(`There is no case ${at}.`);
  const { suite, name } = files;
  return { suite, name, ops: [], status: 'failed', message: 'hung or brought the process down', inputs: 0 };
}

const of = (all: readonly CaseResult[], suite: Suite, status?: CaseResult['status']) =>
  all.filter(
    (result) => result.suite === suite && (status ? result.status === status : result.status !== 'outside'),
  );

/** What is wrong with a run: cases that fail, suites that pass too little, refusals that nothing documents. */
export function verdict(all: readonly CaseResult[]) {
  const passed = all.filter(({ status }) => status === 'passed').length;
  const failures = all.filter(({ status, name }) => status === 'failed' && !REASONS[name]);
  const problems = failures.map(({ suite, name, message }) => `${suite}/${name} failed: ${message}`);
  const nodes = of(all, 'node');
  const part = of(all, 'node', 'passed').length / Math.max(1, nodes.length);
  if (part < LEAST_PART) problems.push(`only ${percent(part)} of the listed node cases pass`);
  for (const { suite, name, status, message } of all)
    if (suite !== 'node' && status === 'refused' && !REASONS[name])
      problems.push(`${suite}/${name} is refused without a documented reason: ${message}`);
  for (const name of Object.keys(REASONS))
    if (all.some((result) => result.name === name && result.status === 'passed'))
      problems.push(`${name} passes: its reason in e2e/conformance/reasons.ts is out of date`);
  return { passed, failed: 0, problems };
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** docs/conformance.md. */
export function conformancePage(all: readonly CaseResult[]): string {
  const summary = SUITES.map((suite) => {
    const count = (status: CaseResult['status']) => of(all, suite, status).length;
    const listed = of(all, suite).length;
    return row(
      suite,
      listed,
      count('passed'),
      percent(count('passed') / Math.max(1, listed)),
      count('refused'),
      count('failed'),
      count('outside'),
    );
  });
  return `${[
    '# Conformance with ONNX',
    '',
    "ONNX's own test data (1.12, Debian's package libonnx-testdata), read by the studio's ONNX reader and run by its interpreter",
    'on the CPU backend, and on WASM with the same outcome. An output agrees within 1e-5 + 1e-3 relative; integers and truth values must be equal.',
    'The cases give everything as an input of the graph, weights and shapes too; where the studio wants such an input as a constant,',
    'the case is run with all inputs behind the first, or with all inputs, as constants.',
    '',
    'This page is generated: `node e2e/conformance/run.mjs --write`.',
    '',
    row('suite', 'listed', 'passed', '', 'refused', 'failed', 'of other ops'),
    row('---', '---:', '---:', '---:', '---:', '---:', '---:'),
    ...summary,
    '',
    ...refusals(all),
    ...byOp(all),
  ].join('\n')}\n`;
}

function refusals(all: readonly CaseResult[]): readonly string[] {
  const lines = all
    .filter(({ status }) => status === 'refused' || status === 'failed')
    .map(({ suite, name, status, message }) => row(suite, name, status, cell(REASONS[name] ?? message)));
  if (lines.length === 0) return [];
  return [
    '## Cases that do not pass',
    '',
    row('suite', 'case', '', 'why'),
    row('---', '---', '---', '---'),
    ...lines,
    '',
  ];
}

/** Node cases by the ops in them. */
function byOp(all: readonly CaseResult[]): readonly string[] {
  const counts = new Map<string, { passed: number; listed: number }>();
  for (const { ops, status } of of(all, 'node'))
    for (const op of ops) {
      const count = counts.get(op) ?? { passed: 0, listed: 0 };
      counts.set(op, { passed: count.passed + (status === 'passed' ? 1 : 0), listed: count.listed + 1 });
    }
  const lines = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([op, { passed, listed }]) => row(op, listed, passed));
  return ['## Node cases by op', '', row('op', 'cases', 'passed'), row('---', '---:', '---:'), ...lines];
}
