import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULTS, faultsDocument } from '../../e2e/faults/faults';

const ROOT = new URL('../../', import.meta.url);
const DOCUMENT = new URL('docs/faults.md', ROOT);

it.each(FAULTS)('the test that makes it happen exists: $fault', ({ file, title }) => {
  expect(readFileSync(new URL(file, ROOT), 'utf8')).toContain(`'${title}'`);
});

it('docs/faults.md says what the table says', () => {
  if (process.env.FAULTS === 'write') writeFileSync(DOCUMENT, faultsDocument());
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(faultsDocument());
});
