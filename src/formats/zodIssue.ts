import type { z } from 'zod';

/** The first thing a schema found wrong, in one line: `shape.0: expected number, received string`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return error.message;
  const text = issue.message.replace(/^Invalid input: /, '');
  return issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ${text}` : text;
}
