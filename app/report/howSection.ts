import type { Block, Section } from './document';
import type { ReportSource } from './source';

const formulaOf = ({ settings: { semantics, method, alpha } }: ReportSource): readonly Block[] => {
  if (semantics === 'pytorch' || method === 'input-weight')
    return [
      {
        kind: 'formula',
        text: 's[c] = √((max w[c] − min w[c]) / (max x[c] − min x[c]))     x′[c] = x[c] · s[c]     w′[c] = w[c] / s[c]',
      },
    ];
  if (method === 'smoothquant')
    return [
      {
        kind: 'formula',
        text: `s[c] = max|w[c]|^(1 − α) / max|x[c]|^α,  α = ${alpha}     x′[c] = x[c] · s[c]     w′[c] = w[c] / s[c]`,
      },
    ];
  if (method === 'cross-layer')
    return [
      {
        kind: 'formula',
        text: 's[c] = √(range of column c of the next weight / range of row c of this weight); the row is multiplied by it, the column divided',
      },
    ];
  return [
    {
      kind: 'paragraph',
      text: 'auto tries input-weight, SmoothQuant and other rules for each region, folded and with a multiplication, and keeps what leaves the int8 model closest to float on the calibration data.',
    },
  ];
};

const SEMANTICS = {
  exact:
    'Exact semantics scales a channel only where every producer and every reader of it undoes the scale. The float function stays the same, and the studio measures that it does.',
  pytorch:
    'PyTorch semantics does what PyTorch 1.13.1’s pass does, its defects included: scales, weights and observer ranges are the same as there, and the float function may change.',
} as const;

/** What the figures mean and how they came about, for readers without the studio. */
export function howSection(source: ReportSource): Section {
  return {
    title: 'How this was made',
    blocks: [
      {
        kind: 'paragraph',
        text: `Equalization Studio ${source.version}, in a browser: model and data did not leave the machine. ${SEMANTICS[source.settings.semantics]}`,
      },
      ...formulaOf(source),
      {
        kind: 'formula',
        text: 'SQNR = 10 · log10(Σ y² / Σ (y − ŷ)²) dB,  y of the float model, ŷ of the int8 model, on the calibration data',
      },
      {
        kind: 'list',
        items: [
          'Gain: SQNR of int8 equalized minus that of plain int8. 6 dB are about one bit.',
          'SQNR of a layer: at its own output; errors of the layers before it count.',
          'Ratio: widest column range over the narrowest that is not zero; 1 is level.',
          'fold: the layer before takes the inverse scale, at no cost. mul: a multiplication in front of the layer does. skip: the layer was left alone.',
          'Accuracy: share of evaluation samples whose largest output is their label.',
          'int8 is simulated: values lie on the int8 grid of their observer, arithmetic between is in float32.',
        ],
      },
    ],
  };
}
