import { Checkbox } from '@mantine/core';
import type { LayerView, NodeDetails } from '../../src/index';
import { layerNames, ownMethod } from '../store/byHand';
import { useStudio } from '../store/context';
import { isBlank } from '../store/scaleEntry';
import { LAYER_METHODS } from '../store/vocabulary';
import { ScaleEdits } from './ScaleEdits';
import { ScaleForm } from './ScaleForm';
import { ScalePlot } from './ScalePlot';
import { SmallSelect } from './SmallSelect';
import { useScaleEditor } from './useScaleEditor';
import { PYTORCH_ONLY } from './words';

function Selected({ layer: { name, selectedUnnamed } }: { layer: LayerView }) {
  // The choice shows at once; the layer's own view follows when the steps have run again.
  const named = useStudio((studio) => studio.settings.equalization.byName[name]);
  const busy = useStudio((studio) => studio.job !== null);
  const choose = useStudio((studio) => studio.equalizeLayers);
  return (
    <Checkbox
      size="xs"
      label="Equalize"
      aria-label="Equalize this layer"
      checked={named ?? selectedUnnamed}
      disabled={busy}
      onChange={(event) => void choose([name], event.currentTarget.checked ? 'on' : 'off', 'again')}
    />
  );
}

/** The layer's own method. Layers of one region have one; where it was chosen at another of them, that one is named. */
function OwnMethod({ layer }: { layer: LayerView }) {
  const methods = useStudio((studio) => studio.settings.byHand.methods);
  const isPytorch = useStudio((studio) => studio.settings.semantics === 'pytorch');
  const choose = useStudio((studio) => studio.chooseMethod);
  const own = isPytorch ? null : ownMethod(layer, methods);
  return (
    <>
      <span className="field">
        <span aria-hidden>Method</span>
        <SmallSelect
          label={`Method of ${layer.name}`}
          choices={LAYER_METHODS}
          value={own?.method ?? 'global'}
          disabledReason={isPytorch ? PYTORCH_ONLY : null}
          onChoose={(choice) => void choose([layer.name], choice, 'again')}
        />
      </span>
      {!isPytorch && layer.region.length > 0 && (
        <p className="by-hand-note">The method goes for {layerNames(layer.region)} too: one region.</p>
      )}
    </>
  );
}

function Scales({ details, columns }: { details: NodeDetails; columns: number }) {
  const editor = useScaleEditor(details, columns);
  const sharesWith = details.layer?.sharesWith ?? [];
  // While something is not set yet, Escape discards it and does not deselect the layer.
  return (
    <div {...(isBlank(editor) ? {} : { 'data-drafts': true })}>
      <ScalePlot layer={details.name} editor={editor} />
      <ScaleForm layer={details.name} editor={editor} />
      <ScaleEdits layer={details.name} editor={editor} />
      {sharesWith.length > 0 && (
        <p className="by-hand-note">
          Scales are shared with {layerNames(sharesWith)}: what you set counts there too.
        </p>
      )}
    </div>
  );
}

/** What the user decides for one layer: whether it is equalized, how, and single scales. Figures follow at once. */
export function ByHand({ details, layer }: { details: NodeDetails; layer: LayerView }) {
  const isPytorch = useStudio((studio) => studio.settings.semantics === 'pytorch');
  const { scaleColumns } = details;
  const hasScales = layer.decision !== null && scaleColumns !== null && !isPytorch;
  return (
    <section className="by-hand" aria-label="By hand">
      <h3>By hand</h3>
      <div className="by-hand-choices">
        <Selected layer={layer} />
        <OwnMethod layer={layer} />
      </div>
      {hasScales && <Scales details={details} columns={scaleColumns} />}
    </section>
  );
}
