import type { Settings } from '../src/index';
import { z } from './zod';

/*
 * Settings that come from outside: a saved project, a link. The engine and the page both check them.
 */

const qconfig = z.enum(['default', 'fbgemm', 'qnnpack', 'per-channel']);
const qconfigChoice = z.enum(['default', 'fbgemm', 'qnnpack', 'per-channel', 'none']);
const method = z.enum(['input-weight', 'smoothquant', 'cross-layer', 'auto']);
/** As the engine takes them, see `scaleProblem`. */
const scale = z
  .number()
  .min(2 ** -63)
  .max(2 ** 63);
const byKey = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

export const settingsSchema = z.strictObject({
  semantics: z.enum(['exact', 'pytorch']),
  qconfig,
  method,
  alpha: z.number().min(0).max(1),
  absorbBias: z.boolean(),
  byHand: z.strictObject({ methods: byKey(method), scales: byKey(byKey(scale)) }),
  equalization: z.strictObject({
    global: z.boolean(),
    byName: byKey(z.boolean()),
    byType: byKey(z.boolean()),
  }),
  qconfigs: z.strictObject({ byName: byKey(qconfigChoice), byType: byKey(qconfigChoice) }),
}) satisfies z.ZodType<Settings>;
