import { useLayoutEffect, useRef } from 'react';
import { usePageColours } from '../../usePageColours';
import type { Size } from '../viewport';
import { type Palette, paletteOf } from './paint';

type Paint = (context: CanvasRenderingContext2D, palette: Palette) => void;

/** A canvas of that size in the screen's own pixels, painted anew whenever `paint` is another function. */
export function useCanvas({ width, height }: Size, paint: Paint) {
  const ref = useRef<HTMLCanvasElement>(null);
  const scheme = usePageColours();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette follows the colour scheme
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const ratio = window.devicePixelRatio || 1;
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== columns || canvas.height !== rows)
      Object.assign(canvas, { width: columns, height: rows });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(context, paletteOf(canvas));
  }, [width, height, paint, scheme]);
  return ref;
}
