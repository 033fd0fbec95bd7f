import type { WeightMap } from '../../src/index';
import type { CsvField } from '../panels/csv';
import { formatNumber } from '../panels/format';
import { wholePlaces } from './charts/scales';
import type { Picture, PlotColours, Raster } from './picture';
import { shortNumber } from './ticks';

type Rgb = readonly [number, number, number];

/** As the style sheet has it or as its minifier writes it: `#ffffff`, `#fff`. */
export function rgbOf(colour: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(
    colour.trim().replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3'),
  );
  if (hex === null) throw new Error(`internal: the heat map needs a colour as #rrggbb, not '${colour}'.`);
  const [, red = '0', green = '0', blue = '0'] = hex;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

/** From the ground at 0 to one colour for positive values and one for negative ones; NaN is the ink's. */
function paletteOf(colours: PlotColours, most: number): (value: number) => Rgb {
  const [ground, positive, negative, unknown] = [
    colours.ground,
    colours.after,
    colours.hand,
    colours.ink,
  ].map(rgbOf);
  if (!ground || !positive || !negative || !unknown) throw new Error('internal: four colours were read.');
  return (value) => {
    if (Number.isNaN(value)) return unknown;
    // The root keeps small weights in sight beside an outlier.
    const part = most === 0 ? 0 : Math.sqrt(Math.min(1, Math.abs(value) / most));
    const end = value > 0 ? positive : negative;
    const mix = (channel: 0 | 1 | 2) => ground[channel] + (end[channel] - ground[channel]) * part;
    return [mix(0), mix(1), mix(2)];
  };
}

function rasterOf(
  cells: ArrayLike<number>,
  width: number,
  height: number,
  palette: (value: number) => Rgb,
): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let cell = 0; cell < width * height; cell++) {
    rgba.set(palette(cells[cell] ?? Number.NaN), cell * 4);
    rgba[cell * 4 + 3] = 255;
  }
  return { width, height, rgba };
}

/** Keeps the raster of the last colours: zooming and panning stretch the same pixels. */
function rasterOnce(make: (colours: PlotColours) => Raster): (colours: PlotColours) => Raster {
  let last: { readonly key: string; readonly raster: Raster } | null = null;
  return (colours) => {
    const key = [colours.ground, colours.after, colours.hand, colours.ink].join();
    if (last?.key !== key) last = { key, raster: make(colours) };
    return last.raster;
  };
}

function mapPicture(map: WeightMap, title: string, cells: Float32Array, most: number): Picture {
  const [left, right] = map.window.columns;
  const [top, bottom] = map.window.rows;
  const raster = rasterOnce((colours) =>
    rasterOf(cells, map.cellColumns, map.cellRows, paletteOf(colours, most)),
  );
  return {
    title,
    x: {
      title: map.taps > 1 ? 'column: input channel · kernel' : 'column',
      range: [0, map.columns],
      format: String,
      splits: wholePlaces,
    },
    y: { title: `${title} · row`, range: [map.rows, 0], format: String, splits: wholePlaces },
    draw: (frame, colours) => {
      const box = {
        left: frame.x(left),
        top: frame.y(top),
        width: frame.x(right) - frame.x(left),
        height: frame.y(bottom) - frame.y(top),
      };
      frame.raster(raster(colours), box);
    },
  };
}

const BAR_STEPS = 64;

/** The colours with their numbers. */
function barPicture(title: string, most: number): Picture {
  const bound = most || 1;
  const value = (step: number) => bound * (1 - (2 * (step + 0.5)) / BAR_STEPS);
  const values = Float64Array.from({ length: BAR_STEPS }, (_, step) => value(step));
  const raster = rasterOnce((colours) => rasterOf(values, 1, BAR_STEPS, paletteOf(colours, bound)));
  return {
    title: '',
    width: 74,
    x: { title: '', range: [0, 1], format: () => '', splits: [] },
    y: { title, range: [-bound, bound], format: shortNumber },
    draw: (frame, colours) =>
      frame.raster(raster(colours), { ...frame.bbox, width: Math.min(16, frame.bbox.width) }),
  };
}

/** Before | after on one scale of colours, and their difference on its own. */
export function heatPictures(map: WeightMap): readonly Picture[] {
  const before = mapPicture(map, map.after === null ? 'weight' : 'before', map.before, map.most);
  const shared = barPicture('', map.most);
  if (map.after === null || map.difference === null) return [before, shared];
  return [
    before,
    mapPicture(map, 'after', map.after, map.most),
    shared,
    mapPicture(map, 'difference', map.difference, map.mostDifference),
    barPicture('', map.mostDifference),
  ];
}

/** The cell at a place of the matrix; null outside of the window. */
export function cellAt(map: WeightMap, row: number, column: number): number | null {
  const [top, bottom] = map.window.rows;
  const [left, right] = map.window.columns;
  if (row < top || row >= bottom || column < left || column >= right) return null;
  const cellRow = Math.floor(((row - top) * map.cellRows) / (bottom - top));
  const cellColumn = Math.floor(((column - left) * map.cellColumns) / (right - left));
  return cellRow * map.cellColumns + cellColumn;
}

/** `row 3, column 17: 0.42 → 0.31 (−0.11)`; of a cell of several entries it is the largest that is said. */
export function describeCell(map: WeightMap, row: number, column: number): string {
  const cell = cellAt(map, row, column);
  if (cell === null) return '';
  const isWhole =
    map.cellRows === map.window.rows[1] - map.window.rows[0] &&
    map.cellColumns === map.window.columns[1] - map.window.columns[0];
  const channel =
    map.taps > 1
      ? ` (input channel ${Math.floor(column / map.taps)}, kernel place ${column % map.taps})`
      : '';
  const place = `row ${row}, column ${column}${channel}`;
  const then =
    map.after === null
      ? ''
      : ` → ${formatNumber(map.after[cell])} (difference ${formatNumber(map.difference?.[cell])})`;
  return `${place}: ${isWhole ? '' : 'largest near it '}${formatNumber(map.before[cell])}${then}`;
}

/** One line a cell: the rows and columns that it stands for, and its values. */
export function heatTable(map: WeightMap): readonly (readonly CsvField[])[] {
  const [top, bottom] = map.window.rows;
  const [left, right] = map.window.columns;
  // The first entry that falls into a cell.
  const edge = (start: number, length: number, cells: number, cell: number) =>
    start + Math.ceil((cell * length) / cells);
  const lines: (readonly CsvField[])[] = [];
  for (let row = 0; row < map.cellRows; row++)
    for (let column = 0; column < map.cellColumns; column++) {
      const cell = row * map.cellColumns + column;
      const rows = [0, 1].map((next) => edge(top, bottom - top, map.cellRows, row + next));
      const columns = [0, 1].map((next) => edge(left, right - left, map.cellColumns, column + next));
      lines.push([
        ...rows,
        ...columns,
        map.before[cell] ?? null,
        map.after?.[cell] ?? null,
        map.difference?.[cell] ?? null,
      ]);
    }
  return [['row_from', 'row_to', 'column_from', 'column_to', 'before', 'after', 'difference'], ...lines];
}
