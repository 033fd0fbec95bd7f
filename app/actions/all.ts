import type { Action } from './action';
import { COMPARE_ACTIONS } from './compare';
import { PLAYBACK_ACTIONS } from './playback';

/** Every action, in the order in which the command palette lists them. */
export const ACTIONS: readonly Action[] = [...PLAYBACK_ACTIONS, ...COMPARE_ACTIONS];
