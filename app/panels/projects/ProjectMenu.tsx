import { Button, Menu } from '@mantine/core';
import { PROJECT_ACTIONS } from '../../actions/projects';
import { useStudio, useStudioStore } from '../../store/context';
import { isSaved } from '../../store/projects/saving';
import type { Saving } from '../../store/studio';
import { HeaderMenu } from '../HeaderMenu';

const clock = (time: number): string =>
  new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

const SAVING_WORDS: { readonly [K in Saving['kind']]: string } = {
  none: 'Project',
  saving: 'Saving…',
  saved: 'Saved',
  failed: 'Not saved',
};

function savingTitle(saving: Saving, name: string | null): string {
  if (saving.kind === 'failed') return saving.reason;
  return name === null
    ? 'Projects that this browser keeps'
    : `Project ${name}: this browser keeps model, data, settings and results`;
}

const MENU = ['save project', 'save project file', 'copy settings link', 'new project', 'projects'];

/** Whether the work is saved, and what can be done with the project. */
export function ProjectMenu() {
  const store = useStudioStore();
  const saving = useStudio((studio) => studio.saving);
  const name = useStudio((studio) => studio.project?.name ?? null);
  const busy = useStudio((studio) => studio.job !== null);
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const saved = useStudio(isSaved);
  // A change that waits for its turn is not saved yet.
  const kind = saving.kind === 'saved' && !saved ? 'saving' : saving.kind;
  const words = SAVING_WORDS[kind];
  const time = saving.kind === 'saved' && saved ? ` ${clock(saving.time)}` : '';
  const button = (
    <Button
      className={`project-button ${kind}`}
      size="compact-sm"
      h={28}
      variant="subtle"
      aria-label={`Project: ${words}${time}`}
      data-saved={saved}
      rightSection={<span aria-hidden>▾</span>}
    >
      <span className="project-words" data-longest={`${SAVING_WORDS.saved} ${clock(0)}`}>
        {words}
        {/* Where there is room for it. */}
        <span className="project-time">{time}</span>
      </span>
    </Button>
  );
  return (
    <HeaderMenu hint={savingTitle(saving, name)} button={button} width={240} position="bottom-start">
      {name !== null && <Menu.Label className="project-name">{name}</Menu.Label>}
      {PROJECT_ACTIONS.filter(({ id }) => MENU.includes(id)).map((action) => (
        <Menu.Item
          key={action.id}
          disabled={action.id !== 'projects' && (!hasModel || busy)}
          onClick={() => action.run(store.getState())}
        >
          {action.title}
        </Menu.Item>
      ))}
    </HeaderMenu>
  );
}
