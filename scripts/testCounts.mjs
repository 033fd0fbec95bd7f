import { existsSync, readFileSync } from 'node:fs';

/** A runner that broke down before it could report counts as one failure, never as none. */
function read(path, exitCode, count) {
  const counts = existsSync(path)
    ? count(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  const unexplained = exitCode !== 0 && counts.failed === 0;
  return unexplained || counts.passed + counts.failed === 0
    ? { ...counts, failed: counts.failed + 1 }
    : counts;
}

/** Counts of Vitest's JSON report; a file that could not be loaded is a failure of its own. */
export const countVitest = (path, exitCode) =>
  read(path, exitCode, (report) => {
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    );
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  });

/** Counts of Playwright's JSON report; errors outside of tests (a server that does not start) are failures. */
export const countPlaywright = (path, exitCode) =>
  read(path, exitCode, ({ stats, errors }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
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
