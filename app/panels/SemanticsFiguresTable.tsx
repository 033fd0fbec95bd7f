import type { LayerFigures, SemanticsComparison } from '../../src/index';
import { Term } from '../glossary/Term';
import { formatDb, formatNumber } from './format';

interface Row {
  /** The figure, as the glossary has it. */
  readonly term: string;
  readonly title: string;
  /** A layer, or the model. */
  readonly what: string;
  readonly exact: string;
  readonly pytorch: string;
}

type Figures = Pick<LayerFigures, 'maxRelError' | 'sqnr'>;

const rowsOf = (what: string, exact: Figures | undefined, pytorch: Figures | undefined): readonly Row[] => [
  {
    term: 'relative-error',
    title: 'relative error',
    what,
    exact: formatNumber(exact?.maxRelError),
    pytorch: formatNumber(pytorch?.maxRelError),
  },
  { term: 'sqnr', title: 'SQNR in dB', what, exact: formatDb(exact?.sqnr), pytorch: formatDb(pytorch?.sqnr) },
];

const TITLE =
  'On the calibration data. Relative error: the equalized float model against the float model. SQNR: the equalized int8 model against the float model.';

/** The measured figures of both semantics side by side: of the whole model, and of these layers. */
export function SemanticsFiguresTable({
  comparison: { exact, pytorch },
  layers,
}: {
  comparison: SemanticsComparison;
  layers: readonly string[];
}) {
  const rows = [
    ...layers.flatMap((layer) => rowsOf(layer, exact.layers[layer], pytorch.layers[layer])),
    ...rowsOf('model', exact, pytorch),
  ];
  return (
    <table className="grid figures" title={TITLE}>
      <thead>
        <tr>
          <th className="text">measured</th>
          <th>Exact</th>
          <th>PyTorch</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.term} ${row.what}`}>
            <th className="text" scope="row">
              <Term id={row.term}>{row.title}</Term>, {row.what}
            </th>
            <td>{row.exact}</td>
            <td>{row.pytorch}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
