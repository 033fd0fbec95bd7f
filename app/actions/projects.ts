import { download } from '../panels/download';
import { settingsLink } from '../store/projects/settingsLink';
import type { Studio } from '../store/studio';
import type { Action } from './action';
import { anyOf, busy, noModel, type Reason } from './reasons';

const nothingToUndo: Reason = ({ historyAt }) => (historyAt === 0 ? 'There is nothing to undo' : null);
const nothingToRedo: Reason = ({ history, historyAt }) =>
  historyAt + 1 < history.length ? null : 'There is nothing to redo';

async function saveAsFile({ saveProjectFile }: Studio) {
  const file = await saveProjectFile();
  if (file !== null) download(file);
}

async function copyLink({ settings, announce, report }: Studio) {
  const link = settingsLink(location.href, settings);
  try {
    await navigator.clipboard.writeText(link);
    announce('The link to these settings is in the clipboard');
  } catch {
    report(`The browser does not let the page write to the clipboard. The link: ${link}`, {
      title: 'Copy link to these settings',
      subject: 'settings',
    });
  }
}

/** Taking back, and keeping. */
export const PROJECT_ACTIONS: readonly Action[] = [
  {
    id: 'undo',
    title: 'Undo',
    group: 'project',
    keywords: ['take back', 'history'],
    keys: ['mod+Z'],
    unavailable: anyOf(noModel, busy, nothingToUndo),
    run: ({ undo }) => void undo(),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'project',
    keywords: ['bring back', 'history'],
    keys: ['mod+shift+Z', 'mod+Y'],
    unavailable: anyOf(noModel, busy, nothingToRedo),
    run: ({ bringBack }) => void bringBack(),
  },
  {
    id: 'save project',
    title: 'Save now',
    group: 'project',
    keywords: ['keep', 'autosave'],
    keys: ['mod+S'],
    unavailable: noModel,
    run: ({ save }) => void save(),
  },
  {
    id: 'projects',
    title: 'Projects…',
    group: 'project',
    keywords: ['rename', 'duplicate', 'delete', 'storage', 'continue'],
    keys: ['mod+O'],
    run: ({ showProjects }) => showProjects(true),
  },
  {
    id: 'new project',
    title: 'New project',
    group: 'project',
    keywords: ['close', 'gallery', 'samples'],
    unavailable: anyOf(noModel, busy),
    run: ({ closeProject }) => void closeProject(),
  },
  {
    id: 'save project file',
    title: 'Save project as file',
    group: 'project',
    keywords: ['eqstudio', 'download', 'zip'],
    unavailable: anyOf(noModel, busy),
    run: (studio) => void saveAsFile(studio),
  },
  {
    id: 'copy settings link',
    title: 'Copy link to these settings',
    group: 'project',
    keywords: ['share', 'address', 'url'],
    run: (studio) => void copyLink(studio),
  },
];
