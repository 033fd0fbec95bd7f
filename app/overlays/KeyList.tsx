import { Checkbox } from '@mantine/core';
import { ACTION_GROUPS, type ActionGroup } from '../actions/action';
import { ACTIONS } from '../actions/all';
import { useStudio } from '../store/context';
import { DialogHead } from './DialogHead';
import { GROUP_TITLES } from './entries';
import { KeyCaps } from './KeyCaps';
import { PageDialog } from './PageDialog';

/** Keys that belong to a part of the page and to no action. */
const IN_PLACES: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  { title: 'Deselect the node or the marked layers; close what is open', keys: ['Escape'] },
  {
    title: 'From row to row, tab to tab, node to node',
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
  },
  { title: 'Select all layers of the table', keys: ['mod+A'] },
  {
    title: 'Plot of scales: by column, by 5 %, set, take back',
    keys: ['ArrowLeft', 'ArrowUp', 'Enter', 'Delete'],
  },
];

function Row({ title, keys }: { title: string; keys: readonly string[] }) {
  return (
    <div className="key-row">
      <dt>{title}</dt>
      <dd>
        {keys.map((one) => (
          <KeyCaps key={one} keys={one} />
        ))}
      </dd>
    </div>
  );
}

function Group({ group }: { group: ActionGroup }) {
  const actions = ACTIONS.filter((action) => action.group === group && action.keys !== undefined);
  if (actions.length === 0) return null;
  return (
    <section>
      <h3>{GROUP_TITLES[group]}</h3>
      <dl>
        {actions.map(({ id, title, keys = [] }) => (
          <Row key={id} title={title} keys={keys} />
        ))}
      </dl>
    </section>
  );
}

/** The keys of all actions that have any; everything else is in the command palette. */
export function KeyList() {
  const show = useStudio((studio) => studio.showOverlay);
  const plainKeys = useStudio((studio) => studio.plainKeys);
  const setPlainKeys = useStudio((studio) => studio.setPlainKeys);
  const close = () => show(null);
  return (
    <PageDialog label="Keys" className="key-list" onClose={close}>
      <DialogHead title="Keys" onClose={close} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <section className="dialog-body key-groups" tabIndex={0} aria-label="All keys">
        {ACTION_GROUPS.map((group) => (
          <Group key={group} group={group} />
        ))}
        <section>
          <h3>In its place</h3>
          <dl>
            {IN_PLACES.map((row) => (
              <Row key={row.title} {...row} />
            ))}
          </dl>
        </section>
      </section>
      <div className="dialog-foot">
        <Checkbox
          size="xs"
          label="Single characters run actions (turn off if you speak to your computer)"
          checked={plainKeys}
          onChange={(event) => setPlainKeys(event.currentTarget.checked)}
        />
      </div>
    </PageDialog>
  );
}
