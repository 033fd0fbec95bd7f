import { memo, useContext } from 'react';
import type { NodeProps } from 'reactflow';
import type { NodeChange, NodeView } from '../../src/index';
import { DecisionTag } from '../panels/DecisionTag';
import { formatGain, shortShape, tidy } from '../panels/format';
import { failureWords } from '../panels/NodeFailure';
import { useStudio } from '../store/context';
import { isMarked } from '../store/differences';
import { gainLevel } from '../store/gains';
import { isCurrent } from '../store/playback/position';
import { failedAt } from '../store/selectors';
import { DIFFERENCE_WORDS, DifferenceMark } from './DifferenceMark';
import type { StudioNode } from './elements';
import { MarksContext } from './marks';
import { NODE_WIDTH } from './nodeSize';
import { useTabIndex } from './tabStop';

/** The sign beside the colour, for those who do not see the colour. */
const SIGN: { readonly [C in NodeChange]: string } = { added: '+', removed: '−', changed: '~', same: '' };

/** Widths in pixels, for cutting a name to what fits: padding and border, sign, tag, one monospace letter. */
const WIDTHS = { frame: 26, sign: 14, tag: 42, letter: 7.25 };
const TAIL = 12;

/** Names end in what tells them apart (`…_equalization_process_0`), so they are cut in their middle. */
function cutName(view: NodeView, tagged: boolean): string {
  const room =
    NODE_WIDTH[view.role] -
    WIDTHS.frame -
    (view.change === 'same' ? 0 : WIDTHS.sign) -
    (tagged ? WIDTHS.tag : 0);
  const letters = Math.floor(room / WIDTHS.letter);
  if (view.name.length <= letters) return view.name;
  return `${view.name.slice(0, letters - TAIL - 1)}…${view.name.slice(-TAIL)}`;
}

/** The lower line: an observer's range matters more than its shape, which its input already shows. */
function lowerLine({ role, type, detail, shape }: NodeView): readonly [string, string] {
  if (role === 'observer' || role === 'equalization' || role === 'param')
    return [type, detail === '' ? shape : detail];
  return [[type, detail].filter((part) => part !== '').join(' · '), shape];
}

interface Told {
  readonly what: string;
  readonly extra: string;
  /** What equalization gained the layer, while the graph is painted by it. */
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

function NodeTop({ view, decision }: Pick<StudioNode['data'], 'view' | 'decision'>) {
  return (
    <span className="flow-top">
      {view.change !== 'same' && <span className="flow-sign">{SIGN[view.change]}</span>}
      <b className="flow-name">{cutName(view, decision !== null)}</b>
      {decision !== null && <DecisionTag decision={decision} />}
    </span>
  );
}

/** What the node is, with its shape or its gain; or how it failed. */
function NodeBottom({ what, extra, gained, failure }: Told) {
  if (failure !== null)
    return (
      <span className="flow-bottom flow-failure">
        <span>
          <span aria-hidden>✕ </span>
          {failure}
        </span>
      </span>
    );
  return (
    <span className="flow-bottom">
      <span className="flow-what">{what}</span>
      {gained === null ? (
        <span className="flow-shape">{shortShape(extra)}</span>
      ) : (
        <b className="flow-gain">{gained}</b>
      )}
    </span>
  );
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
  const [what = '', extra = ''] = lowerLine(view).map(tidy);
  const gained = gain === null ? null : formatGain(0, gain);
  const failure = failed === null ? null : failureWords(failed);
  const told = { what, extra, gained, failure, differs };
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
