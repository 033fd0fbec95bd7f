import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { useStudio } from '../../store/context';
import { countOf } from '../../store/counting';
import type { AssistantState } from '../../store/studio';
import { LayerPlanRow } from './LayerPlanRow';
import { LeftOutList } from './LeftOutList';

/** The shape of one sample, which decides what comes out of every layer. */
function InputField({ input }: { input: string }) {
  const changeInput = useStudio((studio) => studio.changeInput);
  const id = useId();
  return (
    <p className="plan-input">
      <label htmlFor={id}>Shape of one sample</label>
      <input
        id={id}
        value={input}
        spellCheck={false}
        onChange={(event) => void changeInput(event.currentTarget.value)}
      />
      <span className="dim">without the batch, as in 3, 32, 32</span>
    </p>
  );
}

function PlanTable({ assistant }: { assistant: AssistantState }) {
  const { plan, proposal, check } = assistant;
  return (
    <div className="plan-scroll">
      <table className="plan-table">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Weight</th>
            <th scope="col">Stride</th>
            <th scope="col">Padding</th>
            <th scope="col">Then</th>
            <th scope="col">Pooling</th>
            <th scope="col">Gives</th>
            <th scope="col">Order</th>
          </tr>
        </thead>
        <tbody>
          {plan.layers.map((layer, at) => (
            <LayerPlanRow
              key={layer.module}
              layer={layer}
              at={at}
              row={proposal.rows.find(({ module }) => module === layer.module)}
              fit={check.fits.find(({ module }) => module === layer.module)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The chain opens all the same: the figures of its layers may be what the user wants to see. */
const lostWords = (count: number): string =>
  `Every layer fits, but without ${countOf(count, 'equalization scale')} this chain is another function than the model of the file. Open its graph instead: the .onnx file, or the .safetensors file of an FX model.`;

function Dialog({ assistant }: { assistant: AssistantState }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const showLayers = useStudio((studio) => studio.showLayers);
  const buildLayers = useStudio((studio) => studio.buildLayers);
  const busy = useStudio((studio) => studio.job !== null);
  useEffect(() => dialog.current?.showModal(), []);
  const problem = assistant.error ?? assistant.check.problem;
  const lost = assistant.proposal.leftOut.filter(({ isNeeded }) => isNeeded).length;
  return (
    <dialog ref={dialog} className="confirm plan" aria-labelledby={title} onCancel={() => showLayers(false)}>
      <h2 id={title}>Put the layers together</h2>
      <p className="dim">
        {assistant.proposal.file} holds weights and no graph. This chain is a guess from names and shapes:
        check order, activations and pooling against the code of the model.
      </p>
      <InputField input={assistant.input} />
      <PlanTable assistant={assistant} />
      <LeftOutList tensors={assistant.proposal.leftOut} />
      <p className={problem === null && lost === 0 ? 'plan-verdict' : 'plan-verdict wrong'} role="status">
        {problem ?? (lost === 0 ? 'Every layer fits.' : lostWords(lost))}
      </p>
      <div className="confirm-buttons">
        <Button size="xs" variant="default" onClick={() => showLayers(false)}>
          Not now
        </Button>
        <Button
          size="xs"
          disabled={busy || assistant.check.problem !== null}
          onClick={() => void buildLayers()}
        >
          Open this model
        </Button>
      </div>
    </dialog>
  );
}

/** Shown when a file of weights without a graph was dropped. */
export function LayersDialog() {
  const assistant = useStudio((studio) => studio.assistant);
  return assistant?.open ? <Dialog assistant={assistant} /> : null;
}
