import { memo } from 'react';
import type { NodeProps } from 'reactflow';
import { useStudio } from '../store/context';
import type { FrameNode } from './elements';
import { FrameTitle } from './groups/GroupFace';
import { useTabIndex } from './tabStop';

/** The frame around the nodes of an open group; its title closes it. */
export const FlowFrame = memo(function FlowFrame({ data: { group } }: NodeProps<FrameNode>) {
  const toggle = useStudio((studio) => studio.toggleGroup);
  const { id, fullTitle, depth } = group;
  const tabIndex = useTabIndex(id);
  return (
    <div className="flow-frame" data-depth={depth % 2}>
      <button
        type="button"
        tabIndex={tabIndex}
        data-item={id}
        data-group={fullTitle}
        aria-expanded
        aria-label={`${fullTitle}: group, open. Close it`}
        title={`${fullTitle}: close`}
        onClick={() => toggle(id)}
      >
        <FrameTitle group={group} />
      </button>
    </div>
  );
});
