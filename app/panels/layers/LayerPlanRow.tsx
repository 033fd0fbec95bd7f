import type { Activation, LayerFit, LayerRowView, PlannedLayer, Pooling } from '../../../src/index';
import { useStudio } from '../../store/context';
import type { Choice } from '../../store/vocabulary';
import { SmallSelect } from '../SmallSelect';

const choices = <T extends string>(
  labels: { readonly [K in T]: string },
  order: readonly T[],
): readonly Choice<T>[] =>
  order.map((value) => ({ value, label: labels[value], title: '', available: true }));

const ACTIVATIONS = choices<Activation>(
  {
    none: 'nothing',
    relu: 'ReLU',
    gelu: 'GELU',
    silu: 'SiLU',
    tanh: 'Tanh',
    sigmoid: 'Sigmoid',
    leaky_relu: 'LeakyReLU',
    elu: 'ELU',
    relu6: 'ReLU6',
    softmax: 'Softmax',
  },
  ['none', 'relu', 'gelu', 'silu', 'tanh', 'sigmoid', 'leaky_relu', 'elu', 'relu6', 'softmax'],
);
const POOLINGS = choices<Pooling>({ none: 'none', max: 'max', avg: 'average', global: 'global average' }, [
  'none',
  'max',
  'avg',
  'global',
]);

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** An empty field is NaN, which the check refuses with a sentence. */
function NumberField({ label, value, onChange }: NumberFieldProps) {
  return (
    <input
      className="plan-number"
      type="number"
      min={0}
      aria-label={label}
      value={Number.isNaN(value) ? '' : value}
      onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  );
}

interface LayerPlanRowProps {
  readonly layer: PlannedLayer;
  readonly at: number;
  readonly row: LayerRowView | undefined;
  readonly fit: LayerFit | undefined;
}

/** Changes one layer of the plan, or its place. */
function usePlanEdits(at: number) {
  const layers = useStudio((studio) => studio.assistant?.plan.layers ?? NO_LAYERS);
  const changePlan = useStudio((studio) => studio.changePlan);
  const change = (patch: Partial<PlannedLayer>) =>
    void changePlan({ layers: layers.map((layer, i) => (i === at ? { ...layer, ...patch } : layer)) });
  const move = (to: number) => {
    const [layer, ...rest] = [layers[at], ...layers.filter((_, i) => i !== at)];
    if (layer) void changePlan({ layers: [...rest.filter((l) => l !== undefined).toSpliced(to, 0, layer)] });
  };
  return { change, move, count: layers.length };
}
const NO_LAYERS: readonly PlannedLayer[] = [];

function MoveButtons({
  module,
  at,
  count,
  move,
}: {
  module: string;
  at: number;
  count: number;
  move: (to: number) => void;
}) {
  return (
    <>
      <button type="button" aria-label={`Move ${module} up`} disabled={at === 0} onClick={() => move(at - 1)}>
        ↑
      </button>
      <button
        type="button"
        aria-label={`Move ${module} down`}
        disabled={at === count - 1}
        onClick={() => move(at + 1)}
      >
        ↓
      </button>
    </>
  );
}

type Change = (patch: Partial<PlannedLayer>) => void;
interface CellProps {
  readonly layer: PlannedLayer;
  readonly change: Change;
}

/** Stride and padding of a layer that has a window. */
function WindowCells({ layer: { module, stride, padding }, change, shown }: CellProps & { shown: boolean }) {
  return (
    <>
      <td>
        {shown && (
          <NumberField
            label={`Stride of ${module}`}
            value={stride}
            onChange={(stride) => change({ stride })}
          />
        )}
      </td>
      <td>
        {shown && (
          <NumberField
            label={`Padding of ${module}`}
            value={padding}
            onChange={(padding) => change({ padding })}
          />
        )}
      </td>
    </>
  );
}

function PoolingCell({ layer: { module, pooling, poolSize }, change }: CellProps) {
  return (
    <td className="plan-pooling">
      <SmallSelect
        label={`Pooling behind ${module}`}
        choices={POOLINGS}
        value={pooling}
        onChoose={(pooling) => change({ pooling })}
      />
      {(pooling === 'max' || pooling === 'avg') && (
        <NumberField
          label={`Size of the pooling behind ${module}`}
          value={poolSize}
          onChange={(poolSize) => change({ poolSize })}
        />
      )}
    </td>
  );
}

function ModuleCell({ layer: { module, included }, change, kind }: CellProps & { kind: string | undefined }) {
  return (
    <th scope="row">
      <label>
        <input
          type="checkbox"
          checked={included}
          aria-label={`Use ${module}`}
          onChange={(event) => change({ included: event.currentTarget.checked })}
        />
        <span>
          <span className="plan-module">{module}</span> <span className="dim">{kind?.replace('_', ' ')}</span>
        </span>
      </label>
    </th>
  );
}

/** One layer of the chain: whether it is in, what stands behind it, and what comes out. */
export function LayerPlanRow({ layer, at, row, fit }: LayerPlanRowProps) {
  const { change, move, count } = usePlanEdits(at);
  const { module } = layer;
  const wrong = fit?.problem ?? null;
  return (
    <tr className={layer.included ? '' : 'plan-out'} data-plan-layer={module}>
      <ModuleCell layer={layer} change={change} kind={row?.kind} />
      <td className="plan-shape">{row?.weight.join('×')}</td>
      <WindowCells layer={layer} change={change} shown={row?.hasWindow ?? false} />
      <td>
        <SmallSelect
          label={`Activation behind ${module}`}
          choices={ACTIVATIONS}
          value={layer.activation}
          onChoose={(activation) => change({ activation })}
        />
      </td>
      <PoolingCell layer={layer} change={change} />
      <td className={wrong === null ? 'plan-shape' : 'plan-wrong'}>
        {wrong ?? (fit?.shape ? `${fit.flattens ? 'flat → ' : ''}${fit.shape.join('×')}` : '')}
      </td>
      <td className="plan-order">
        <MoveButtons module={module} at={at} count={count} move={move} />
      </td>
    </tr>
  );
}
