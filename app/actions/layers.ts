import { saveLayers } from '../panels/layersTable/saveLayers';
import { isLosing } from '../store/layersTable/layerRow';
import { chosenLayers, shownLayers } from '../store/layersTable/shownLayers';
import type { Studio } from '../store/studio';
import type { Action } from './action';
import { anyOf, busy, noModel, type Reason } from './reasons';

const noneSelected: Reason = (studio) =>
  chosenLayers(studio).length === 0 ? 'Select layers in the table first' : null;

const noneLoses: Reason = ({ view }) =>
  view.layers.some(isLosing) ? null : 'No layer is known to lose by equalization';

const chooseFor = (choice: 'on' | 'off') => (studio: Studio) =>
  void studio.equalizeLayers(chosenLayers(studio), choice);

/** What can be done with the layers table. */
export const LAYER_ACTIONS: readonly Action[] = [
  {
    id: 'select layers',
    title: 'Select all layers that the table shows',
    group: 'look',
    keywords: ['mark', 'rows', 'filtered'],
    unavailable: noModel,
    run: (studio) => {
      studio.setTab('layers');
      studio.markAll(shownLayers(studio).names);
    },
  },
  {
    id: 'equalize selected layers',
    title: 'Equalize the selected layers',
    group: 'step',
    unavailable: anyOf(noModel, busy, noneSelected),
    run: chooseFor('on'),
  },
  {
    id: 'leave selected layers',
    title: 'Leave the selected layers out of equalization',
    group: 'step',
    unavailable: anyOf(noModel, busy, noneSelected),
    run: chooseFor('off'),
  },
  {
    id: 'show losing layers',
    title: 'Show the layers that equalization made worse',
    group: 'look',
    keywords: ['filter', 'gain', 'SQNR', 'loss'],
    unavailable: anyOf(noModel, noneLoses),
    run: (studio) => studio.showLosingLayers(),
  },
  {
    id: 'clear layer filter',
    title: 'Clear the filter of the layers table',
    group: 'look',
    unavailable: noModel,
    run: (studio) => studio.clearLayerFilter(),
  },
  {
    id: 'save layers table',
    title: 'Export: layers table (.csv)',
    group: 'export',
    keywords: ['save', 'download', 'spreadsheet'],
    unavailable: noModel,
    run: saveLayers,
  },
];
