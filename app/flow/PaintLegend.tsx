import { GAIN_STEPS } from '../store/gains';

const LEVELS = [-3, -2, -1, 0, 1, 2, 3] as const;

const [LEAST, , MOST] = GAIN_STEPS;

/** What the colours of a painted graph mean. */
export function PaintLegend() {
  return (
    <p className="paint-legend">
      <span className="visually-hidden">SQNR gain </span>≤ −{MOST}
      <span className="paint-scale" aria-hidden>
        {LEVELS.map((level) => (
          <span key={level} data-gain={level} />
        ))}
      </span>
      ≥ +{MOST} dB
      <span className="visually-hidden">, grey within {LEAST} dB</span>
    </p>
  );
}
