import type { Action } from './action';
import { COMPARE_ACTIONS } from './compare';
import { EXPORT_ACTIONS } from './exports';
import { FILE_ACTIONS } from './files';
import { GRAPH_LOOK_ACTIONS } from './graphLook';
import { HELP_ACTIONS } from './help';
import { LAYER_ACTIONS } from './layers';
import { LOOK_ACTIONS } from './look';
import { PLAYBACK_ACTIONS } from './playback';
import { PLOT_ACTIONS } from './plots';
import { PROJECT_ACTIONS } from './projects';
import { REPORT_ACTIONS } from './reports';
import { SETTING_ACTIONS } from './settings';
import { STEP_ACTIONS } from './steps';

/** Every action, in the order in which the command palette lists them. */
export const ACTIONS: readonly Action[] = [
  ...STEP_ACTIONS,
  ...PLAYBACK_ACTIONS,
  ...PROJECT_ACTIONS,
  ...COMPARE_ACTIONS,
  ...EXPORT_ACTIONS,
  ...REPORT_ACTIONS,
  ...FILE_ACTIONS,
  ...SETTING_ACTIONS,
  ...GRAPH_LOOK_ACTIONS,
  ...LOOK_ACTIONS,
  ...LAYER_ACTIONS,
  ...PLOT_ACTIONS,
  ...HELP_ACTIONS,
];
