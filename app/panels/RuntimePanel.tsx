import type { RuntimeRow, RuntimeRowName } from '../../src/index';
import { Term } from '../glossary/Term';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { formatDb, formatNumber } from './format';

const ROWS: { readonly [N in RuntimeRowName]: { readonly title: string; readonly about: string } } = {
  original: { title: 'original', about: 'your file, or a fresh export; against the float model' },
  equalized: { title: 'equalized', about: 'Model (.onnx); against the equalized float model' },
  quantized: {
    title: 'quantized',
    about: 'as exported, optimizations off; against the int8 simulation',
  },
  'quantized-optimized': {
    title: 'quantized, optimized',
    about: 'all optimizations on; its kernels may round otherwise',
  },
};

const LIMITS: { readonly [N in RuntimeRowName]: string } = {
  original: 'error ≤ 1e−4',
  equalized: 'error ≤ 1e−4',
  quantized: 'SQNR ≥ 40 dB',
  'quantized-optimized': 'none',
};

function verdict({ agrees, error }: RuntimeRow): string {
  if (error !== null) return 'did not run';
  if (agrees === null) return 'for information';
  return agrees ? 'agrees' : 'differs';
}

/** Below it, in dB, an int8 model is so far from its float model that single roundings no longer stay single. */
const COARSE = 20;

/** Why a quantized file may differ although it is right: what rounds the other way at a tie grows in a coarse model. */
function useRemark({ name, agrees }: RuntimeRow): string | null {
  const sqnr = useStudio((studio) => studio.view.results?.sqnr.equalized ?? null);
  if (name !== 'quantized' || agrees !== false || sqnr === null || sqnr >= COARSE) return null;
  return `int8 itself is only ${formatDb(sqnr)} dB from the float model: a value that rounds the other way at a tie grows on its way to the output. Quantize fewer layers, or compare accuracy.`;
}

function Row({ row }: { row: RuntimeRow }) {
  const { title, about } = ROWS[row.name];
  const remark = useRemark(row);
  return (
    <tr data-runtime={row.name}>
      <th className="text" scope="row">
        {title}
      </th>
      <td>{row.maxRelError === null ? '—' : formatNumber(row.maxRelError)}</td>
      <td>{row.error === null ? formatDb(row.sqnr) : '—'}</td>
      <td className="text">{LIMITS[row.name]}</td>
      <td className="text" data-agrees={row.agrees ?? undefined}>
        {verdict(row)}
      </td>
      <td className="text runtime-about">{row.error ?? remark ?? about}</td>
    </tr>
  );
}

/** What the last check in ONNX Runtime found: every export against the studio's own figures. */
export function RuntimePanel() {
  const check = useStudio((studio) => studio.view.onnxRuntime);
  if (check === null)
    return (
      <p className="empty">
        “Check” beside Export runs the original, the equalized and the quantized file in ONNX Runtime, in this
        browser, and shows here whether they agree with the studio.
      </p>
    );
  const { rows, version, samples, stale } = check;
  return (
    <div className="runtime">
      <table className="grid">
        <caption>
          ONNX Runtime {version}, {countOf(samples, 'calibration sample')}
          {stale && <span className="stale">of earlier settings or data: check again</span>}
        </caption>
        <thead>
          <tr>
            <th className="text">file</th>
            <th>
              <Term id="relative-error" />
            </th>
            <th>
              <Term id="sqnr" />, dB
            </th>
            <th className="text">limit</th>
            <th className="text">result</th>
            <th className="text">what was run</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
