import type { Action } from './action';
import { COMPARE_ACTIONS } from './compare';
import { EXPORT_ACTIONS } from './exports';
import { FILE_ACTIONS } from './files';
import { HELP_ACTIONS } from './help';
import { LOOK_ACTIONS } from './look';
import { PLAYBACK_ACTIONS } from './playback';
import { SETTING_ACTIONS } from './settings';
import { STEP_ACTIONS } from './steps';

/** Every action, in the order in which the command palette lists them. */
export const ACTIONS: readonly Action[] = [
  ...STEP_ACTIONS,
  ...PLAYBACK_ACTIONS,
  ...COMPARE_ACTIONS,
  ...EXPORT_ACTIONS,
  ...FILE_ACTIONS,
  ...SETTING_ACTIONS,
  ...LOOK_ACTIONS,
  ...HELP_ACTIONS,
];
