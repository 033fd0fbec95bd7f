import { useMemo } from 'react';
import { Plot } from '../plots/Plot';
import { valueRatio } from '../plots/ratio';
import { editablePlot, editRange, logsOf, scaleMarks } from '../plots/scalePlot';
import { scaleProblem } from '../store/byHand';
import { formatNumber, formatRatio } from './format';
import { type ScaleEditor, scaleText } from './useScaleEditor';
import { useScaleGestures } from './useScaleGestures';

const HINT =
  'Drag a mark up or down. Keys: ← → the column, ↑ ↓ its scale by 5 % (Shift: 1 %), Enter sets, Escape discards, Delete takes back.';

/** Those of the drafts that are scales. */
const numbersOf = (drafts: ScaleEditor['drafts']): ReadonlyMap<number, number> =>
  new Map(
    Object.entries(drafts)
      .filter(([, text]) => scaleProblem(text) === null)
      .map(([column, text]) => [Number(column), Number(text)]),
  );

/** The scales of a layer, to be dragged. */
export function ScalePlot({ layer, editor }: { layer: string; editor: ScaleEditor }) {
  const { scale, edits, drafts, column } = editor;
  const numbers = useMemo(() => numbersOf(drafts), [drafts]);
  const logs = useMemo(() => logsOf(scale), [scale]);
  const [low, high] = editRange(logs, numbers.values());
  const spec = useMemo(() => editablePlot(scale, low, high), [scale, low, high]);
  const overlay = useMemo(
    () =>
      scaleMarks({ scale, byHand: new Set(edits.map((e) => e.column)), drafts: numbers, selected: column }),
    [scale, edits, numbers, column],
  );
  const gestures = useScaleGestures(editor, low, high);
  const text = scaleText(editor, column);
  return (
    <Plot
      title="Equalization scale"
      caption={`ratio ${formatRatio(valueRatio(scale))}`}
      captionTitle={`Largest scale ÷ smallest. ${HINT}`}
      spec={spec}
      enlarged="scale"
      height={112}
      overlay={overlay}
      edit={{
        label: `Scales of ${layer}`,
        value: Number.isFinite(Number(text)) ? Number(text) : 1,
        valueText: `column ${column}: ${formatNumber(Number(text))}${drafts[column] === undefined ? '' : ', not set yet'}`,
        ...gestures,
      }}
    />
  );
}
