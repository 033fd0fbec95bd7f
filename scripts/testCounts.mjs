import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A runner that broke down before it could report counts as one failure, never as none. */
function read(path, exitCode, count) {
  const counts = existsSync(path)
    ? count(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0, failures: [], flaky: [] };
  const unexplained = exitCode !== 0 && counts.failed === 0;
  if (!unexplained && counts.passed + counts.failed > 0) return counts;
  const reason = `The runner ended with exit code ${exitCode}, and no test of its report failed: see its output.`;
  return { ...counts, failed: counts.failed + 1, failures: [reason] };
}

/** The beginning of an error's message: what differs stands there, the stack behind. */
const firstLines = (message) => message.split('\n').slice(0, 4).join('\n    ');

/** A failed test in a few lines, so that the end of a long log says what failed. */
const failureOf = (place, name, message) => `${place} › ${name}\n    ${firstLines(message)}`;

/** Counts of Vitest's JSON report; a file that could not be loaded is a failure of its own. */
export const countVitest = (path, exitCode) =>
  read(path, exitCode, (report) => {
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    );
    const failed = report.testResults.flatMap((file) =>
      file.assertionResults
        .filter((test) => test.status === 'failed')
        .map((test) => failureOf(fileOf(file.name), test.fullName, test.failureMessages.join('\n'))),
    );
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
      failures: [
        ...failed,
        ...broken.map((file) => failureOf(fileOf(file.name), 'does not load', file.message)),
      ],
    };
  });

const fileOf = (path) => relative(process.cwd(), path);

/** All specs of a suite of Playwright's report. */
const specsOf = ({ suites = [], specs = [] }) => [...specs, ...suites.flatMap(specsOf)];

const isFlaky = ({ tests }) => tests.some(({ status }) => status === 'flaky');

const messageOf = ({ tests }) =>
  tests
    .flatMap(({ results }) => results.flatMap(({ errors }) => errors.map(({ message }) => message)))
    .join('\n');

/**
 * Counts of Playwright's JSON report: a journey that passed the second time has passed, and is named; errors outside of
 * tests (a server that does not start) are failures.
 */
export const countPlaywright = (path, exitCode) =>
  read(path, exitCode, ({ stats, errors, suites }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    failures: [
      ...specsOf({ suites })
        .filter((spec) => !spec.ok)
        .map((spec) => failureOf(spec.file, spec.title, messageOf(spec))),
      ...errors.map(({ message }) => firstLines(message)),
    ],
    flaky: specsOf({ suites })
      .filter(isFlaky)
      .map((spec) => failureOf(spec.file, spec.title, messageOf(spec))),
  }));

export const total = (counts) =>
  counts.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
