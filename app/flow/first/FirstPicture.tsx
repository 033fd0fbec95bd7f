import {
  type CSSProperties,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { NodeView } from '../../../src/index';
import { useStudio } from '../../store/context';
import { EdgeLines } from '../EdgeLines';
import { type DrawnEdge, edgesOf } from '../edgePath';
import { type Drawing, type Spot, spotsOf } from '../elements';
import { formatCount } from '../groups/count';
import { FrameTitle, GroupTop } from '../groups/GroupFace';
import { NodeBottom, NodeTop, wordsOf } from '../NodeFace';
import { fitted, type Rect, type Size, sightOf, touches } from '../viewport';
import { firstPictures, type Picture } from './pictures';

const NOTHING_KNOWN: Pick<Drawing, 'decisions' | 'gains'> = { decisions: new Map(), gains: new Map() };

/** As useViewport first shows it, and only what is in sight. */
function inSight({ grouped, layout }: Picture, pane: Size) {
  const frames = [...layout.frames.values()];
  const viewport = fitted({ nodes: grouped.items, positions: layout.positions, frames }, pane);
  const sight = sightOf(viewport, pane);
  const drawing: Drawing = { side: grouped.after, layout, ...NOTHING_KNOWN };
  const spots = spotsOf(drawing);
  const edges = edgesOf(drawing, new Map(spots.map((spot) => [spot.id, spot])));
  return {
    viewport,
    spots: spots.filter(({ rect }) => touches(rect, sight)),
    edges: edges.filter(({ bounds }) => touches(bounds, sight)),
  };
}

const placeOf = ({ x, y, width, height }: Rect) => ({
  left: x,
  top: y,
  width,
  height,
  right: 'auto',
  bottom: 'auto',
});

/** A press selects the node: it is marked as soon as a pane draws it. */
function PressedFace({ view, style }: { readonly view: NodeView; readonly style: CSSProperties }) {
  const select = useStudio((studio) => studio.select);
  return (
    <div
      className="flow-node"
      data-role={view.role}
      style={style}
      onPointerDown={({ button }) => button === 0 && select(view.name)}
    >
      <NodeTop view={view} decision={null} />
      <NodeBottom {...wordsOf(view)} gained={null} failure={null} />
    </div>
  );
}

interface FaceProps extends Spot {
  /** The node as it is now: data that comes meanwhile changes shapes. */
  readonly latest: (name: string) => NodeView | undefined;
}

function Face({ rect, content, latest }: FaceProps) {
  const style = placeOf(rect);
  switch (content.kind) {
    case 'node':
      return <PressedFace view={latest(content.view.name) ?? content.view} style={style} />;
    case 'closed': {
      const { group, members } = content.closed;
      return (
        <div className={`flow-node flow-group${group.repeats > 0 ? ' repeats' : ''}`} style={style}>
          <GroupTop group={group} found={0} />
          <span className="flow-bottom">{formatCount(members.length)} nodes</span>
        </div>
      );
    }
    case 'frame':
      return (
        <div
          className="flow-frame"
          data-depth={content.group.depth % 2}
          style={{ ...style, zIndex: UNDER_LINES }}
        >
          <span className="first-title">
            <FrameTitle group={content.group} />
          </span>
        </div>
      );
    default:
      return content satisfies never;
  }
}

/** As React Flow has them: the lines are at −1. */
const UNDER_LINES = -2;

const onPath = (_: DrawnEdge): boolean => false;

function Faces({ picture, pane }: { readonly picture: Picture; readonly pane: Size }) {
  const { viewport, spots, edges } = useMemo(() => inSight(picture, pane), [picture, pane]);
  const graph = useStudio((studio) => studio.view.steps.load?.graph);
  const byName = useMemo(() => new Map(graph?.nodes.map((node) => [node.name, node])), [graph]);
  const latest = useCallback((name: string) => byName.get(name), [byName]);
  const { x, y, zoom } = viewport;
  return (
    <div className="first-faces" style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})` }}>
      <EdgeLines edges={edges} isOffPath={onPath} />
      {spots.map((spot) => (
        <Face key={spot.id} {...spot} latest={latest} />
      ))}
    </div>
  );
}

/** The graph as its pane will show it, without what answers to anybody; nothing once the pane draws. */
export function FirstPicture() {
  const { state, picture } = useSyncExternalStore(firstPictures.subscribe, firstPictures.get);
  const room = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Size | null>(null);
  const isThere = state !== 'none';
  useLayoutEffect(() => {
    if (isThere && room.current) setPane(room.current.getBoundingClientRect());
  }, [isThere]);
  if (!isThere) return null;
  return (
    <div className="canvas first-picture" aria-hidden>
      <div className={`first-room${picture === null ? '' : ' there'}`} ref={room}>
        {picture !== null && pane !== null && <Faces picture={picture} pane={pane} />}
      </div>
    </div>
  );
}
