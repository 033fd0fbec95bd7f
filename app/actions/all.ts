import type { Action } from './action';

/** Every action, in the order in which the command palette lists them. */
export const ACTIONS: readonly Action[] = [];
