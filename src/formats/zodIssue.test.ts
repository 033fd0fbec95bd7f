import { expect, it } from 'vitest';
import { z } from './zod';
import { firstIssue } from './zodIssue';

it.each([
  [z.object({ shape: z.array(z.number()) }), { shape: ['a'] }, 'shape.0: expected number, received string'],
  [z.object({ shape: z.array(z.number()) }), {}, 'shape is missing; expected array'],
  [z.object({ any: z.unknown().nonoptional() }), {}, 'any is missing'],
  [z.number(), 'a', 'expected number, received string'],
])('says what is wrong in one line (%#)', (schema, value, text) => {
  const parsed = schema.safeParse(value);
  expect(parsed.success ? '' : firstIssue(parsed.error)).toBe(text);
});
