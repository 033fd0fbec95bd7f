import { Tooltip } from '@mantine/core';
import { type MouseEvent, useState } from 'react';

/** Of the drawing, in its own pixels; it is stretched to the cell. */
const HEIGHT = 20;
/** Names said to screen readers. */
const NAMED = 12;

export interface LayerBar {
  readonly name: string;
  readonly sqnr: number | null;
  /** The same layer in plain int8. */
  readonly plain: number | null;
}

const decibels = (value: number | null): string => (value === null ? 'not known' : `${value.toFixed(1)} dB`);

function wordsOf(layers: readonly LayerBar[]): string {
  const named = layers.slice(0, NAMED).map(({ name, sqnr }) => `${name} ${decibels(sqnr)}`);
  const more = layers.length > NAMED ? ` and ${layers.length - NAMED} more` : '';
  return `SQNR by layer: ${named.join(', ')}${more}`;
}

const finite = (value: number | null): number =>
  value !== null && Number.isFinite(value) ? Math.max(0, value) : 0;

const barWords = ({ name, sqnr, plain }: LayerBar): string =>
  `${name}: ${decibels(sqnr)}, plain int8 ${decibels(plain)}`;

/** The layer under the mouse, by its place in the drawing. */
function useHovered(layers: readonly LayerBar[]) {
  const [hovered, setHovered] = useState<number | null>(null);
  const bar = hovered === null ? undefined : layers[hovered];
  const onMouseMove = ({ clientX, currentTarget }: MouseEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setHovered(Math.min(layers.length - 1, Math.floor(((clientX - left) / width) * layers.length)));
  };
  return { bar, onMouseMove, onMouseLeave: () => setHovered(null) };
}

/** One bar a layer in graph order, with a line where plain int8 is; all rows have one scale, up to `most` dB. */
export function LayerBars({ layers, most }: { layers: readonly LayerBar[]; most: number }) {
  const words = wordsOf(layers);
  const { bar, ...mouse } = useHovered(layers);
  const y = (value: number | null) => HEIGHT - (Math.min(finite(value), most) / most) * HEIGHT;
  return (
    <Tooltip.Floating label={bar === undefined ? words : barWords(bar)} multiline maw={320}>
      <svg
        className="layer-bars"
        viewBox={`0 0 ${Math.max(1, layers.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
        {...mouse}
      >
        {layers.map(({ name, sqnr, plain }, index) => (
          <g key={name}>
            <rect className="bar" x={index + 0.1} width={0.8} y={y(sqnr)} height={HEIGHT - y(sqnr)} />
            <rect className="plain" x={index} width={1} y={Math.min(HEIGHT - 1, y(plain))} height={1} />
          </g>
        ))}
      </svg>
    </Tooltip.Floating>
  );
}
