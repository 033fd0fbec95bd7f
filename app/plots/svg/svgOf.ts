import { drawFigure } from '../figure/drawFigure';
import type { Picture, PlotColours } from '../picture';
import { coordinate, escaped, SvgPen } from './svgPen';

export interface PictureSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * A picture, or several side by side, as an SVG document of that size: axes, labels as text, title and legend. Needs no
 * browser. The names of its parts are its own, so that many stand in one HTML file.
 */
export function svgOf(
  picture: Picture | readonly Picture[],
  { width, height }: PictureSize,
  colours: PlotColours,
): string {
  const pictures = 'draw' in picture ? [picture] : picture;
  const pen = new SvgPen();
  pen.fillStyle = colours.ground;
  pen.fillRect(0, 0, width, height);
  drawFigure(
    { ctx: pen, raster: (image, box) => pen.image(image, box) },
    pictures,
    { width, height },
    colours,
    { headed: true },
  );
  const title = pictures.map((one) => one.title ?? '').find((text) => text !== '') ?? 'plot';
  const [w, h] = [coordinate(width), coordinate(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
${pen.content()}
</svg>
`;
}
