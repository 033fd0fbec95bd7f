import { unzlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LIGHT_COLOURS, type Picture } from '../picture';
import { rangePlot } from '../rangePlot';
import { pngBytes } from './pngData';
import { svgOf } from './svgOf';
import { SvgPen } from './svgPen';

const SIZE = { width: 400, height: 200 };

/** The elements' names in order; throws where one is not closed as XML wants it. */
function elementsOf(svg: string): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, slash, name = '', closed] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (slash) expect(open.pop()).toBe(name);
    else names.push(name);
    if (!slash && !closed) open.push(name);
  }
  expect(open).toEqual([]);
  return names;
}

const ranges = {
  before: { min: Float32Array.of(-1, -2), max: Float32Array.of(1, 4) },
  after: { min: Float32Array.of(-1, -1), max: Float32Array.of(1, 1) },
};

describe('a picture in SVG', () => {
  it('has its marks as paths and its words as text', () => {
    const plot = rangePlot(ranges);
    if (plot === null) throw new Error('two columns make a plot');
    const legend = [{ label: 'before', mark: 'bar', colour: 'before' }] as const;
    const svg = svgOf({ ...plot, title: 'Input range of <a & "b">', legend }, SIZE, LIGHT_COLOURS);
    expect(elementsOf(svg).filter((name) => name === 'text').length).toBeGreaterThan(6);
    expect(svg).toContain('>Input range of &lt;a &amp; &quot;b&quot;&gt;</text>');
    for (const word of ['column', 'range', 'before', '−2']) expect(svg).toContain(`>${word}</text>`);
    // Two bars of one colour are one path.
    const bars = [...svg.matchAll(/<path d="([^"]*)" fill="#c3c8cf"\/>/g)].map(
      ([, d]) => d?.split('M').length,
    );
    expect(bars).toContain(3);
  });
  it('has no character that XML forbids', () => {
    const plot = rangePlot(ranges);
    if (plot === null) throw new Error('two columns make a plot');
    const svg = svgOf({ ...plot, title: 'fc\u00001\u001b[31m\ufffe, \ud800tab\t, 𝛼' }, SIZE, LIGHT_COLOURS);
    expect(svg).toContain('>fc1[31m, tab\t, 𝛼</text>');
    expect(svg).toContain('aria-label="fc1[31m, tab\t, 𝛼"');
  });
  it('puts pictures side by side, those of a set width at that width', () => {
    const lefts: number[] = [];
    const axis = { title: '', range: [0, 1], format: String } as const;
    const picture = (width?: number): Picture => ({
      x: axis,
      y: axis,
      draw: ({ bbox }) => lefts.push(bbox.left + bbox.width),
      ...(width === undefined ? {} : { width }),
    });
    svgOf([picture(), picture(60), picture()], SIZE, LIGHT_COLOURS);
    expect(lefts).toEqual([158, 218, 388]);
  });
  it('refuses what it cannot draw', () => {
    const pen = new SvgPen();
    expect(() => pen.arc(0, 0, 1, 0, 1)).toThrow('whole circles');
    expect(() => pen.clip()).toThrow('one rectangle');
  });
});

describe('a raster in SVG', () => {
  it('is a PNG that holds the same pixels', () => {
    const rgba = Uint8ClampedArray.from({ length: 2 * 3 * 4 }, (_, i) => i * 10);
    const png = pngBytes({ width: 2, height: 3, rgba });
    const view = new DataView(png.buffer);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([2, 3]);
    const length = view.getUint32(33);
    const rows = unzlibSync(png.subarray(41, 41 + length));
    expect([...rows.subarray(1, 9)]).toEqual([...rgba.subarray(0, 8)]);
    expect(rows).toHaveLength(3 * 9);
    // Of an empty IEND chunk, as every PNG ends.
    expect([...png.subarray(-4)]).toEqual([0xae, 0x42, 0x60, 0x82]);
  });
});
