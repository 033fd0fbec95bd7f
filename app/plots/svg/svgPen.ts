import type { Box, Pen, Raster } from '../picture';
import { pngDataUri } from './pngData';

/** Three decimals: a thousandth of a pixel is below what anyone sees, and shorter than 17 digits. */
export const coordinate = (value: number): string => String(Number(value.toFixed(3)));

/** What XML 1.0 has no way to write, escaped or not: most control characters, halves of pairs, and two non-characters. */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** A text in an element or an attribute. */
export const escaped = (text: string): string =>
  text
    .replaceAll(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const ANCHORS: Readonly<Partial<Record<CanvasTextAlign, string>>> = {
  right: 'end',
  end: 'end',
  center: 'middle',
};
/** Where the baseline lies below the given place, in parts of the font's size. */
const BASELINES: Readonly<Partial<Record<CanvasTextBaseline, number>>> = {
  top: 0.8,
  middle: 0.35,
  bottom: -0.2,
};

/** Canvas also takes gradients and patterns, which no picture uses. */
function colour(style: Pen['fillStyle']): string {
  if (typeof style === 'string') return style;
  throw new Error('internal: a picture in SVG fills and strokes with colours alone.');
}

/** Records what is drawn as elements of an SVG. Rectangles of one colour, drawn one after the other, are one path. */
export class SvgPen implements Pen {
  fillStyle: Pen['fillStyle'] = '#000';
  strokeStyle: Pen['strokeStyle'] = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  private readonly parts: string[] = [];
  private path = '';
  private clipBox: Box | null = null;
  private rectangles = { key: '', path: '' };
  /** For each save, how many elements must be closed when it is restored. */
  private readonly open: number[] = [];

  /** All elements, in the order in which they were drawn. */
  content(): string {
    this.flush();
    return this.parts.join('\n');
  }

  fillRect(left: number, top: number, width: number, height: number): void {
    const key = `fill="${colour(this.fillStyle)}"${this.alpha()}`;
    if (this.rectangles.key !== key) this.flush();
    const [x, y, w, h] = [left, top, width, height].map(coordinate);
    this.rectangles = { key, path: `${this.rectangles.path}M${x} ${y}h${w}v${h}h${coordinate(-width)}z` };
  }
  fillText(text: string, x: number, y: number): void {
    const [, size = '10', family = 'sans-serif'] = /([\d.]+)px\s+(.*)$/.exec(this.font) ?? [];
    const baseline = y + Number(size) * (BASELINES[this.textBaseline] ?? 0);
    const anchor = ANCHORS[this.textAlign];
    const weight = /^(bold|[5-9]00)/.test(this.font) ? ' font-weight="600"' : '';
    this.add(
      `<text x="${coordinate(x)}" y="${coordinate(baseline)}" font-size="${size}" font-family="${escaped(family)}"${weight}${anchor === undefined ? '' : ` text-anchor="${anchor}"`} fill="${colour(this.fillStyle)}"${this.alpha()}>${escaped(text)}</text>`,
    );
  }
  beginPath(): void {
    this.path = '';
    this.clipBox = null;
  }
  moveTo(x: number, y: number): void {
    this.path += `M${coordinate(x)} ${coordinate(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `L${coordinate(x)} ${coordinate(y)}`;
  }
  closePath(): void {
    this.path += 'z';
  }
  arc(x: number, y: number, radius: number, from: number, to: number): void {
    if (Math.abs(to - from - 2 * Math.PI) > 1e-9)
      throw new Error('internal: a picture in SVG draws whole circles, no other arcs.');
    const [r, d] = [coordinate(radius), coordinate(2 * radius)];
    this.path += `M${coordinate(x - radius)} ${coordinate(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 -${d} 0`;
  }
  rect(left: number, top: number, width: number, height: number): void {
    this.clipBox = { left, top, width, height };
    const [x, y, w, h] = [left, top, width, height].map(coordinate);
    this.path += `M${x} ${y}h${w}v${h}h${coordinate(-width)}z`;
  }
  fill(): void {
    this.add(`<path d="${this.path}" fill="${colour(this.fillStyle)}"${this.alpha()}/>`);
  }
  stroke(): void {
    this.add(
      `<path d="${this.path}" fill="none" stroke="${colour(this.strokeStyle)}" stroke-width="${coordinate(this.lineWidth)}"${this.alpha()}/>`,
    );
  }
  save(): void {
    this.flush();
    this.open.push(0);
  }
  /** Clips to the rectangle of the path, until the last save is restored: an SVG in the SVG, which needs no name. */
  clip(): void {
    const saved = this.open.pop();
    if (this.clipBox === null || saved === undefined)
      throw new Error('internal: a picture in SVG is clipped to one rectangle, between save and restore.');
    this.open.push(saved + 1);
    const { left, top, width, height } = this.clipBox;
    const [x, y, w, h] = [left, top, width, height].map(coordinate);
    this.add(
      `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${x} ${y} ${w} ${h}" overflow="hidden">`,
    );
  }
  restore(): void {
    this.flush();
    this.parts.push('</svg>'.repeat(this.open.pop() ?? 0));
  }
  image(raster: Raster, { left, top, width, height }: Box): void {
    if (raster.width === 0 || raster.height === 0) return;
    const [x, y, w, h] = [left, top, width, height].map(coordinate);
    this.add(
      `<image x="${x}" y="${y}" width="${w}" height="${h}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${pngDataUri(raster)}"/>`,
    );
  }

  private alpha(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${coordinate(this.globalAlpha)}"`;
  }
  private add(element: string): void {
    this.flush();
    this.parts.push(element);
  }
  private flush(): void {
    const { key, path } = this.rectangles;
    this.rectangles = { key: '', path: '' };
    if (path !== '') this.parts.push(`<path d="${path}" ${key}/>`);
  }
}
