import type { z } from 'zod';

/** The first thing a schema found wrong, in one line: `shape.0: expected number, received string`, `shape is missing`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return error.message;
  const text = issue.message
    .replace(/^Invalid input: /, '')
    .replace(/^expected nonoptional, received undefined$/, 'is missing')
    .replace(/^expected (.+), received undefined$/, 'is missing; expected $1');
  if (issue.path.length === 0) return text;
  const path = issue.path.map(String).join('.');
  return text.startsWith('is missing') ? `${path} ${text}` : `${path}: ${text}`;
}
