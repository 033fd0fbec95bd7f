import { memo } from 'react';
import { Handle, type NodeProps, Position } from 'reactflow';
import type { NodeChange } from '../../src/index';
import { DecisionTag } from '../panels/DecisionTag';
import { useStudio } from '../store/context';
import type { StudioNode } from './elements';

/** The sign beside the colour, for those who do not see the colour. */
const SIGN: { readonly [C in NodeChange]: string } = { added: '+', removed: '−', changed: '~', same: '' };

/** Names end in what tells them apart (`…_equalization_process_0`): the cut goes through the middle. */
const TAIL = 12;
function NodeName({ name }: { name: string }) {
  const cut = Math.max(0, name.length - TAIL);
  return (
    <b className="flow-name">
      <span className="flow-name-head">{name.slice(0, cut)}</span>
      <span>{name.slice(cut)}</span>
    </b>
  );
}

/** One node of the graph. It watches the selection itself, so that selecting draws two nodes and not all. */
export const FlowNode = memo(function FlowNode({ data: { view, decision } }: NodeProps<StudioNode>) {
  const selected = useStudio((studio) => studio.selected === view.name);
  const select = useStudio((studio) => studio.select);
  const what = [view.type, view.detail].filter((part) => part !== '').join(' · ');
  const change = view.change === 'same' ? '' : `, ${view.change}`;
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button
        type="button"
        className="flow-node"
        data-node={view.name}
        data-change={view.change}
        data-role={view.role}
        aria-pressed={selected}
        aria-label={`${view.name}: ${what}${change}`}
        title={view.line}
        onClick={() => select(view.name)}
      >
        <span className="flow-top">
          {view.change !== 'same' && <span className="flow-sign">{SIGN[view.change]}</span>}
          <NodeName name={view.name} />
          {decision !== null && <DecisionTag decision={decision} />}
        </span>
        <span className="flow-bottom">
          <span className="flow-what">{what}</span>
          <span className="flow-shape">{view.shape}</span>
        </span>
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
});
