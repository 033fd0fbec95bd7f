import type { Settings } from '../../../src/index';
import type { Studio, StudioStore } from '../studio';

/*
 * Settings that came with an address count once, for a model that is opened fresh. A project has its own, and results that
 * follow them.
 */

const TITLE = 'The settings of the link';
const TAKEN = 'Settings of the link taken over';

const tellUnused = ({ project, report }: Studio): void =>
  report(
    `They were not used: the project “${project?.name ?? ''}” keeps its own. To use them, close the project, follow the link again and open the model itself.`,
    { title: TITLE, subject: 'settings' },
  );

/** Takes over the settings of a link: for the open model, or for the next one that is opened. */
export async function takeSettings(
  store: StudioStore,
  linked: Partial<Settings>,
  /** What the address or the tab has opened already. */
  opened: 'project' | 'model' | null,
): Promise<void> {
  if (opened === 'project') return tellUnused(store.getState());
  if (opened === 'model') return store.getState().changeSettings(linked, TAKEN);
  const { settings, announce } = store.getState();
  store.setState({ settings: { ...settings, ...linked } });
  announce(`${TAKEN}: they hold for the model that you open`);
  untilOpened(store, (studio) => {
    // A fresh model becomes a project with its first save, which waits for the end of the job that opens it.
    if (studio.project !== null) tellUnused(studio);
    // Names of layers belong to the model that is opened: they are set once it is there.
    else void studio.changeSettings(linked, TAKEN);
  });
}

function untilOpened(store: StudioStore, then: (studio: Studio) => void): void {
  const leave = store.subscribe((studio) => {
    if (studio.view.model === null || studio.job !== null) return;
    leave();
    then(studio);
  });
}
