import { type RefObject, useLayoutEffect, useRef } from 'react';
import { usePageColours } from '../../usePageColours';
import type { Sight } from '../figure/drawFigure';
import { type Frame, type Picture, type PlotColours, plotColours } from '../picture';
import { paintFigure, paintOver, type Size } from './paintFigure';

interface Painted extends Size {
  readonly pictures: readonly Picture[];
  readonly sight: Sight;
  readonly over: (frame: Frame, colours: PlotColours) => void;
}

/** Pictures with a width of their own are bars of colours: they follow neither zoom nor pointer. */
const follows = (picture: Picture | undefined): boolean => picture?.width === undefined;

/**
 * Keeps two canvases painted: the figure, and above it what follows the pointer, so that pointing draws nothing of the
 * figure anew. Gives where the pictures lie that can be pointed at.
 */
export function useFigurePaint({ pictures, sight, over, width, height }: Painted): {
  readonly figure: RefObject<HTMLCanvasElement | null>;
  readonly above: RefObject<HTMLCanvasElement | null>;
  readonly frames: RefObject<readonly Frame[]>;
} {
  const figure = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const frames = useRef<readonly Frame[]>([]);
  const scheme = usePageColours();
  const isReady = width > 0 && height > 0 && scheme !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useLayoutEffect(() => {
    if (figure.current === null || !isReady) return;
    const painted = paintFigure(figure.current, pictures, { width, height }, plotColours(figure.current), {
      ratio: devicePixelRatio,
      sightOf: (picture) => (follows(picture) ? sight : { x: picture.x.range, y: picture.y.range }),
    });
    frames.current = painted.filter((_, index) => follows(pictures[index]));
  }, [pictures, width, height, sight, scheme, isReady]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the figure was painted anew, its frames are others
  useLayoutEffect(() => {
    if (above.current === null || !isReady) return;
    const colours = plotColours(above.current);
    paintOver(above.current, frames.current, { width, height }, colours, { ratio: devicePixelRatio, over });
  }, [over, pictures, width, height, sight, scheme, isReady]);
  return { figure, above, frames };
}
