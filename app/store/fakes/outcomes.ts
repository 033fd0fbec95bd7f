import type { EngineFailure, Outcome } from '../../engine/api';

/* What an engine answers, in few words. */

export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = <T>(kind: EngineFailure['kind'], message: string, node?: string): Outcome<T> => ({
  ok: false,
  error: { kind, message, node: node ?? null },
});
