import type { Viewport } from 'reactflow';
import type { NodeChange, NodeRole } from '../../../src/index';
import { gainLevel } from '../../store/gains';
import type { DrawnEdge } from '../edgePath';
import type { Spot } from '../elements';
import { type Rect, type Size, sightOf, touches } from '../viewport';

/** The page's colours, as a canvas takes them. */
export interface Palette {
  readonly of: (token: string) => string;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return {
    of: (token) => {
      const colour = known.get(token) ?? style.getPropertyValue(token).trim();
      known.set(token, colour);
      return colour;
    },
  };
}

const ROLE_TOKENS: { readonly [R in NodeRole]: string } = {
  input: '--dim',
  output: '--dim',
  param: '--param',
  layer: '--accent',
  op: '--edge',
  observer: '--obs',
  equalization: '--obs',
  quantize: '--quant',
};
const CHANGE_TOKENS: { readonly [C in Exclude<NodeChange, 'same'>]: string } = {
  added: '--add',
  removed: '--rem',
  changed: '--chg',
};

function colourToken({ content }: Spot): string {
  if (content.kind !== 'node') return content.kind === 'closed' ? '--accent' : '--line';
  const { change, role } = content.view;
  return change === 'same' ? ROLE_TOKENS[role] : CHANGE_TOKENS[change];
}

/** How strong a box of each level of gain is; the levels are those of near. */
const GAIN_ALPHA = [0.5, 0.5, 0.75, 1] as const;

/** The token of a box' colour, and how strong it is: in a graph painted by gain all but the measured layers fades. */
export function fillOf(
  spot: Spot,
  gains: ReadonlyMap<string, number>,
): readonly [token: string, alpha: number] {
  if (gains.size === 0) return [colourToken(spot), 1];
  const gain = gains.get(spot.id);
  if (gain === undefined) return ['--line', 1];
  const level = gainLevel(gain);
  return [level === 0 ? '--even' : level > 0 ? '--gain' : '--loss', GAIN_ALPHA[Math.abs(level)] ?? 1];
}

/** What stands out among the boxes. */
export interface Emphasis {
  /** Of each layer, in dB, while the graph is painted by it; else empty. */
  readonly gains: ReadonlyMap<string, number>;
  readonly selected: string | null;
  readonly hits: ReadonlySet<string>;
  readonly isOffPath: (id: string) => boolean;
}

interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly viewport: Viewport;
  readonly palette: Palette;
}

const onScreen = ({ x, y, width, height }: Rect, { x: dx, y: dy, zoom }: Viewport): Rect => ({
  x: x * zoom + dx,
  y: y * zoom + dy,
  width: Math.max(1, width * zoom),
  height: Math.max(1, height * zoom),
});

function paintEdges({ context, viewport, palette }: Pen, edges: readonly DrawnEdge[]): void {
  const { x: dx, y: dy, zoom } = viewport;
  context.strokeStyle = palette.of('--edge');
  context.lineWidth = Math.max(0.5, Math.min(1, 3 * zoom));
  context.globalAlpha = 0.7;
  context.beginPath();
  for (const { points } of edges)
    points.forEach(({ x, y }, index) => {
      if (index === 0) context.moveTo(x * zoom + dx, y * zoom + dy);
      else context.lineTo(x * zoom + dx, y * zoom + dy);
    });
  context.stroke();
  context.globalAlpha = 1;
}

/** A frame with its title, where there is room for one. */
function paintFrame({ context, palette }: Pen, { x, y, width, height }: Rect, title: string): void {
  context.strokeStyle = palette.of('--edge');
  context.globalAlpha = 0.6;
  context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), Math.round(height));
  context.globalAlpha = 1;
  context.font = '600 11px system-ui, sans-serif';
  if (width < 46 || height < 34 || context.measureText(title).width > width - 8) return;
  context.fillStyle = palette.of('--ink');
  context.fillText(title, Math.max(4, x + 4), Math.max(14, y + 13));
}

function paintSpot(pen: Pen, spot: Spot, emphasis: Emphasis): void {
  const { context, palette, viewport } = pen;
  const rect = onScreen(spot.rect, viewport);
  const { x, y, width, height } = rect;
  const isHit =
    spot.content.kind === 'closed'
      ? spot.content.closed.members.some(({ name }) => emphasis.hits.has(name))
      : emphasis.hits.has(spot.id);
  const [token, alpha] = isHit ? ['--chg', 1] : fillOf(spot, emphasis.gains);
  context.globalAlpha = emphasis.isOffPath(spot.id) ? 0.15 : alpha;
  context.fillStyle = palette.of(token);
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  if (spot.id !== emphasis.selected && !isHit) return;
  context.strokeStyle = palette.of(isHit ? '--chg' : '--ink');
  context.lineWidth = 2;
  context.strokeRect(x - 3, y - 3, width + 6, height + 6);
}

/** Paints boxes and lines of all that is in the pane. */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  { spots, edges }: { readonly spots: readonly Spot[]; readonly edges: readonly DrawnEdge[] },
  { viewport, size }: { readonly viewport: Viewport; readonly size: Size },
  emphasis: Emphasis,
  palette: Palette,
): void {
  const sight = sightOf(viewport, size);
  const pen = { context, viewport, palette };
  context.clearRect(0, 0, size.width, size.height);
  const seen = spots.filter(({ rect }) => touches(rect, sight));
  context.lineWidth = 1;
  for (const { rect, content } of seen)
    if (content.kind === 'frame') paintFrame(pen, onScreen(rect, viewport), content.group.title);
  paintEdges(
    pen,
    edges.filter(({ bounds }) => touches(bounds, sight)),
  );
  context.lineWidth = 1;
  for (const spot of seen) if (spot.content.kind !== 'frame') paintSpot(pen, spot, emphasis);
}
