import { Checkbox } from '@mantine/core';
import { ACTION_GROUPS, type ActionGroup } from '../actions/action';
import { ACTIONS } from '../actions/all';
import { useStudio } from '../store/context';
import { GROUP_TITLES } from './entries';
import { KeyCaps } from './KeyCaps';
import { OverlayDialog } from './OverlayDialog';

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

/** Keys that are not an action's. */
function InPlaces() {
  return (
    <section>
      <h3>In its place</h3>
      <dl>
        {IN_PLACES.map((row) => (
          <Row key={row.title} {...row} />
        ))}
      </dl>
    </section>
  );
}

function PlainKeysSwitch() {
  const plainKeys = useStudio((studio) => studio.plainKeys);
  const setPlainKeys = useStudio((studio) => studio.setPlainKeys);
  return (
    <Checkbox
      size="xs"
      label="Single characters run actions (turn off if you speak to your computer)"
      checked={plainKeys}
      onChange={(event) => setPlainKeys(event.currentTarget.checked)}
    />
  );
}

/** The keys of all actions that have any; everything else is in the command palette. */
export function KeyList() {
  return (
    <OverlayDialog
      title="Keys"
      className="key-list"
      bodyLabel="All keys"
      bodyClass="key-groups"
      foot={<PlainKeysSwitch />}
    >
      {ACTION_GROUPS.map((group) => (
        <Group key={group} group={group} />
      ))}
      <InPlaces />
    </OverlayDialog>
  );
}
