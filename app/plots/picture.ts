/*
 * A picture before it has a size or colours, and what it draws with: a canvas on the page, an SVG text in a file. Lengths
 * are pixels of the ground that is drawn on.
 */

/** The part of a 2D canvas that pictures use: whatever has it can be drawn on. Arcs are whole circles. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'fillRect'
  | 'fillText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'rect'
  | 'closePath'
  | 'fill'
  | 'stroke'
  | 'clip'
  | 'save'
  | 'restore'
>;

export type Extent = readonly [number, number];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a raster, row by row from the top, 4 bytes each. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Where a picture's marks go: its box and the scales of its axes. */
export interface Frame {
  readonly ctx: Pen;
  /** How many of the ground's pixels one CSS pixel is. */
  readonly pixel: number;
  readonly bbox: Box;
  /** What is in sight of each axis. */
  readonly sight: { readonly x: Extent; readonly y: Extent };
  x(value: number): number;
  y(value: number): number;
}

/** A frame that images can be drawn in, without smoothing. */
export interface RasterFrame extends Frame {
  raster(image: Raster, box: Box): void;
}

export interface AxisSpec {
  /** What the axis counts: `column`. */
  readonly title: string;
  readonly range: Extent;
  readonly format: (value: number) => string;
  /** Where the axis has its labels, always or of what is in sight (at most so many); without it round values. */
  readonly splits?: readonly number[] | ((sight: Extent, most: number) => readonly number[]);
}

/** How a series looks, so that the legend shows it. */
export interface LegendItem {
  readonly label: string;
  readonly mark: 'bar' | 'line' | 'disc' | 'ring' | 'dashes';
  readonly colour: keyof PlotColours;
}

/** Anything that `svgOf` and the canvas draw. */
export interface Picture {
  /** Stands over the picture where nothing else says it: in files. */
  readonly title?: string;
  readonly legend?: readonly LegendItem[];
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  /** Its width beside other pictures, in CSS pixels; those without one share the rest. */
  readonly width?: number;
  /** Draws the marks inside the box. */
  readonly draw: (frame: RasterFrame, colours: PlotColours) => void;
}

export interface PlotColours {
  readonly before: string;
  readonly after: string;
  /** What the user set. */
  readonly hand: string;
  /** What is lost: clipped values. */
  readonly lost: string;
  /** Labels. */
  readonly axis: string;
  readonly grid: string;
  readonly ink: string;
  /** Of what is drawn on. */
  readonly ground: string;
}

/** The page's light scheme, for files that are read without the page. */
export const LIGHT_COLOURS: PlotColours = {
  before: '#c3c8cf',
  after: '#3b6ef5',
  hand: '#8f6000',
  lost: '#bf3348',
  axis: '#5f6978',
  grid: '#e3e6ea',
  ink: '#1c2128',
  ground: '#ffffff',
};

/** The theme's colours now. Canvas does not know CSS variables, so they are read when drawing. */
export function plotColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    before: token('--plot-before'),
    after: token('--plot-after'),
    hand: token('--chg'),
    lost: token('--rem'),
    axis: token('--dim'),
    grid: token('--line'),
    ink: token('--ink'),
    ground: token('--panel'),
  };
}
