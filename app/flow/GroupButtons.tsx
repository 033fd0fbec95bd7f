import { ActionIcon, Tooltip } from '@mantine/core';
import { useMemo } from 'react';
import { OVER_GRAPH } from '../panels/overGraph';
import { useStudio } from '../store/context';
import { grouped } from '../store/counting';
import { treeOf } from '../store/groups/graphLookSlice';

/** Opens or closes every group, where the model has any. */
export function GroupButtons() {
  const load = useStudio((studio) => studio.view.steps.load);
  const openAll = useStudio((studio) => studio.openAllGroups);
  const count = useMemo(() => treeOf({ steps: load === undefined ? {} : { load } }).groups.size, [load]);
  if (count === 0) return null;
  const buttons = [
    { label: `Open all ${grouped(count)} groups`, name: 'Open all groups', sign: '⊞', open: true },
    { label: 'Close all groups', name: 'Close all groups', sign: '⊟', open: false },
  ];
  return (
    <div className="zoom">
      {buttons.map(({ label, name, sign, open }) => (
        <Tooltip key={name} label={label} openDelay={400} {...OVER_GRAPH}>
          <ActionIcon variant="subtle" color="gray" size={26} aria-label={name} onClick={() => openAll(open)}>
            {sign}
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
