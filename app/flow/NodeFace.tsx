import type { NodeChange, NodeView } from '../../src/index';
import { DecisionTag } from '../panels/DecisionTag';
import { shortShape, tidy } from '../panels/format';
import type { NodeData } from './elements';
import { NODE_WIDTH } from './nodeSize';

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

function lowerLine({ role, type, detail, shape }: NodeView): readonly [string, string] {
  if (role === 'observer' || role === 'equalization' || role === 'param')
    return [type, detail === '' ? shape : detail];
  return [[type, detail].filter((part) => part !== '').join(' · '), shape];
}

export interface NodeWords {
  readonly what: string;
  readonly extra: string;
}

/** What the lower line says: an observer's range matters more than its shape, which its input already shows. */
export function wordsOf(view: NodeView): NodeWords {
  const [what = '', extra = ''] = lowerLine(view).map(tidy);
  return { what, extra };
}

export function NodeTop({ view, decision }: Pick<NodeData, 'view' | 'decision'>) {
  return (
    <span className="flow-top">
      {view.change !== 'same' && <span className="flow-sign">{SIGN[view.change]}</span>}
      <b className="flow-name">{cutName(view, decision !== null)}</b>
      {decision !== null && <DecisionTag decision={decision} />}
    </span>
  );
}

interface NodeBottomProps extends NodeWords {
  /** What equalization gained the layer, while the graph is painted by it. */
  readonly gained: string | null;
  readonly failure: string | null;
}

/** What the node is, with its shape or its gain; or how it failed. */
export function NodeBottom({ what, extra, gained, failure }: NodeBottomProps) {
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
