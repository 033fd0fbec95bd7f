import { memo, useContext, useMemo } from 'react';
import type { NodeProps } from 'reactflow';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { isMarked } from '../store/differences';
import { isCurrent } from '../store/playback/position';
import { STEPS } from '../store/vocabulary';
import { DIFFERENCE_WORDS, DifferenceMark } from './DifferenceMark';
import type { ClosedNode } from './elements';
import { GroupTop } from './groups/GroupFace';
import type { ClosedGroup } from './groups/groupScene';
import { groupSummary, type Tally, tallyOf, tallyWords } from './groups/tally';
import { MarksContext } from './marks';
import { useTabIndex } from './tabStop';

/** Counts of what stands in the group: what the step did, what was decided, where something failed or differs. */
function useTally({ closed, decisions }: ClosedNode['data']) {
  const failures = useStudio((studio) => studio.failures);
  const comparison = useStudio((studio) => studio.view.comparison);
  const shown = useStudio((studio) => studio.shown);
  return useMemo(() => {
    const failed = new Set(STEPS.flatMap((step) => failures[step]?.node ?? []));
    const differs = (name: string) => isMarked({ comparison }, shown, name);
    const gone = closed.ghosts.filter(({ change }) => change === 'removed');
    return tallyOf([...closed.members, ...gone], decisions, failed, differs);
  }, [closed, decisions, failures, comparison, shown]);
}

/** All that is drawn, for those who do not see it. */
function labelOf({ group, members }: ClosedGroup, tally: Tally, found: number): string {
  const parts = [
    `${group.fullTitle}: group of ${countOf(members.length, 'node')}`,
    group.repeats > 0 ? `${group.repeats} equal blocks` : null,
    group.like === null ? null : `the same as ${group.like}`,
    ...tallyWords(tally),
    tally.differs > 0 ? `${DIFFERENCE_WORDS} at ${tally.differs}` : null,
    found > 0 ? `${found} found` : null,
    'closed. Open it',
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** A closed group: one node in the place of all that stand in it. */
export const FlowGroup = memo(function FlowGroup({ data }: NodeProps<ClosedNode>) {
  const { group, members } = data.closed;
  const toggle = useStudio((studio) => studio.toggleGroup);
  const holdsSelected = useStudio(
    ({ selected }) => selected !== null && members.some(({ name }) => name === selected),
  );
  const isPlayed = useStudio((studio) => members.some(({ name }) => isCurrent(studio, name)));
  const tally = useTally(data);
  const tabIndex = useTabIndex(group.id);
  const { hits, isOffPath } = useContext(MarksContext);
  const found = hits.size === 0 ? 0 : members.filter(({ name }) => hits.has(name)).length;
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      className={`flow-node flow-group${group.repeats > 0 ? ' repeats' : ''}${isOffPath(group.id) ? ' off-path' : ''}`}
      data-item={group.id}
      data-group={group.fullTitle}
      data-change={tally.change}
      data-current={isPlayed || undefined}
      data-failed={tally.failed > 0 ? '' : undefined}
      data-hit={found > 0 ? '' : undefined}
      data-holds-selected={holdsSelected ? '' : undefined}
      aria-expanded={false}
      aria-label={labelOf(data.closed, tally, found)}
      title={`${group.fullTitle}: open`}
      onClick={() => toggle(group.id)}
    >
      {tally.differs > 0 && <DifferenceMark />}
      <GroupTop group={group} found={found} />
      <span className="flow-bottom">{groupSummary(tally, members.length)}</span>
    </button>
  );
});
