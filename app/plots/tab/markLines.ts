import type { Chart } from '../charts/chart';
import type { Frame, PlotColours } from '../picture';

/** Half the width of the flag of a chosen mark, in CSS pixels. */
const FLAG = 5;

function line({ ctx, bbox, pixel }: Frame, x: number, width: number) {
  ctx.fillRect(Math.round(x) - (width * pixel) / 2, bbox.top, width * pixel, bbox.height);
}

/** A line through x with a flag at its top: it stays while others are pointed at. */
export function chosenLine(frame: Frame, at: number, { ink }: PlotColours): void {
  const { ctx, bbox, pixel } = frame;
  const [x, half] = [Math.round(frame.x(at)), FLAG * pixel];
  ctx.fillStyle = ink;
  line(frame, x, 1.5);
  ctx.beginPath();
  ctx.moveTo(x - half, bbox.top);
  ctx.lineTo(x + half, bbox.top);
  ctx.lineTo(x, bbox.top + 1.6 * half);
  ctx.closePath();
  ctx.fill();
}

/** The lines through the mark that is pointed at and the one that is chosen. */
export const markLines =
  (chart: Chart, pointed: number | null, chosen: number | null) =>
  (frame: Frame, colours: PlotColours): void => {
    const { ctx } = frame;
    if (pointed !== null && pointed !== chosen) {
      ctx.fillStyle = colours.ink;
      ctx.globalAlpha = 0.55;
      line(frame, frame.x(chart.placeOf(pointed)), 1);
      ctx.globalAlpha = 1;
    }
    if (chosen !== null) chosenLine(frame, chart.placeOf(chosen), colours);
  };
