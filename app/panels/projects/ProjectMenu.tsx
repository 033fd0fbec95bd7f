import { Button, Menu, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { PROJECT_ACTIONS } from '../../actions/projects';
import { useStudio, useStudioStore } from '../../store/context';
import { isSaved } from '../../store/projects/saving';
import type { Saving } from '../../store/studio';

const clock = (time: number): string =>
  new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function savingWords(saving: Saving): string {
  switch (saving.kind) {
    case 'none':
      return 'Project';
    case 'saving':
      return 'Saving…';
    case 'saved':
      return `Saved ${clock(saving.time)}`;
    case 'failed':
      return 'Not saved';
    default:
      return saving satisfies never;
  }
}

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
  const [opened, setOpened] = useState(false);
  const saved = useStudio(isSaved);
  const words = savingWords(saving);
  const actions = PROJECT_ACTIONS.filter(({ id }) => MENU.includes(id));
  return (
    <Menu position="bottom-start" width={240} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Tooltip label={savingTitle(saving, name)} openDelay={300} disabled={opened} multiline maw={340}>
          <Button
            className={`project-button ${saving.kind}`}
            size="compact-sm"
            h={28}
            variant="subtle"
            aria-label={`Project: ${words}`}
            data-saved={saved}
            rightSection={<span aria-hidden>▾</span>}
          >
            <span className="project-words">{words}</span>
          </Button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.id}
            disabled={action.id !== 'projects' && (!hasModel || busy)}
            onClick={() => action.run(store.getState())}
          >
            {action.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
