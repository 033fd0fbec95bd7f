import { memo, useContext } from 'react';
import type { NodeProps } from 'reactflow';
import { formatGain } from '../panels/format';
import { failureWords } from '../panels/NodeFailure';
import { useStudio } from '../store/context';
import { isMarked } from '../store/differences';
import { gainLevel } from '../store/gains';
import { isCurrent } from '../store/playback/position';
import { failedAt } from '../store/selectors';
import { DIFFERENCE_WORDS, DifferenceMark } from './DifferenceMark';
import type { StudioNode } from './elements';
import { MarksContext } from './marks';
import { NodeBottom, NodeTop, type NodeWords, wordsOf } from './NodeFace';
import { useTabIndex } from './tabStop';

interface Told extends NodeWords {
  readonly gained: string | null;
  readonly failure: string | null;
  readonly differs: boolean;
}

/** All that is drawn, for those who do not see it. */
function labelOf({ name, change, ghost }: StudioNode['data']['view'], told: Told): string {
  const { what, extra, gained, failure, differs } = told;
  const parts = [
    `${name}: ${what} ${extra}`,
    change === 'same' ? null : change,
    ghost ? 'not in this graph' : null,
    gained === null ? null : `SQNR ${gained}`,
    failure,
    differs ? DIFFERENCE_WORDS : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** One node of the graph. It watches the selection itself, so that selecting draws two nodes and not all. */
export const FlowNode = memo(function FlowNode({ data: { view, decision, gain } }: NodeProps<StudioNode>) {
  const selected = useStudio((studio) => studio.selected === view.name);
  const select = useStudio((studio) => studio.select);
  const failed = useStudio((studio) => failedAt(studio, view.name));
  const isPlayed = useStudio((studio) => isCurrent(studio, view.name));
  const differs = useStudio((studio) => isMarked(studio.view, studio.shown, view.name));
  const tabIndex = useTabIndex(view.name);
  const { hits, isOffPath } = useContext(MarksContext);
  const gained = gain === null ? null : formatGain(0, gain);
  const failure = failed === null ? null : failureWords(failed);
  const told = { ...wordsOf(view), gained, failure, differs };
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      className={`flow-node${isOffPath(view.name) ? ' off-path' : ''}`}
      data-item={view.name}
      data-node={view.name}
      data-hit={hits.has(view.name) ? '' : undefined}
      data-change={view.change}
      data-role={view.role}
      data-ghost={view.ghost || undefined}
      data-current={isPlayed || undefined}
      aria-pressed={selected}
      data-failed={failed ?? undefined}
      data-gain={gain === null ? undefined : gainLevel(gain)}
      aria-label={labelOf(view, told)}
      title={view.line}
      onClick={() => select(view.name)}
    >
      {differs && <DifferenceMark />}
      <NodeTop view={view} decision={decision} />
      <NodeBottom {...told} />
    </button>
  );
});
