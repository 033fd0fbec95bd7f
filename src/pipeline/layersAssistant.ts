import { FormatError } from '../formats/errors';
import { fileStem } from '../formats/fileStem';
import type { OpenedModel } from '../formats/openedModel';
import { type PlainWeightsError, tensorsText, type WeightsFile } from '../formats/weightsFile';
import { EQUALIZATION_SCALE } from '../graph/equalizationScale';
import { buildModel } from '../layers/build';
import { checkPlan } from '../layers/check';
import type { LayersPlan, LeftOutTensor, PlanCheck } from '../layers/plan';
import { type Proposal, proposeLayers } from '../layers/propose';
import type { LayerRowView, LayersProposalView, LeftOutView } from './layersViews';

/** Scales that equalization put in front of layers are multiplied there: the studio's own weights have them. */
const leftOutView = (tensor: LeftOutTensor): LeftOutView =>
  EQUALIZATION_SCALE.test(tensor.name)
    ? {
        ...tensor,
        reason: 'an equalization scale: the model multiplies a value by it, which a chain of layers cannot',
        isNeeded: true,
      }
    : { ...tensor, isNeeded: false };

/** A file of weights without a graph, and the chain of layers that may be made of it. */
export class LayersAssistant {
  private readonly proposal: Proposal;

  constructor(private readonly weights: WeightsFile) {
    this.proposal = proposeLayers(weights.entries, weights.inModuleOrder);
  }

  get hasLayers(): boolean {
    return this.proposal.found.length > 0;
  }

  view(): LayersProposalView {
    const { plan, found, leftOut } = this.proposal;
    const rows = found.map(
      (layer): LayerRowView => ({
        module: layer.module,
        kind: layer.kind,
        weight: layer.weight,
        hasWindow: layer.kind === 'conv',
      }),
    );
    return {
      file: this.weights.file,
      plan,
      rows,
      leftOut: leftOut.map(leftOutView),
      check: this.check(plan),
    };
  }

  check(plan: LayersPlan): PlanCheck {
    return checkPlan(plan, this.proposal.found);
  }

  /** Throws a GraphError when something does not fit, and a FormatError when a tensor cannot be read. */
  async build(plan: LayersPlan): Promise<OpenedModel> {
    const { file, format } = this.weights;
    const read = await this.weights.load();
    const model = buildModel(plan, this.proposal.found, { name: fileStem(file), ...read });
    const unused = this.weights.entries.filter(({ name }) => !Object.hasOwn(model.params, name));
    const left = unused.length > 0 ? [`Left out of the chain of layers: ${tensorsText(unused)}.`] : [];
    return { model, format, onnx: null, notes: [...read.notes, ...left] };
  }
}

/** A file without a graph, of which layers can be put together: what is proposed. */
export class LayersWantedError extends FormatError {
  constructor(
    error: PlainWeightsError,
    readonly proposal: LayersProposalView,
  ) {
    super(
      error.weights.file,
      'holds weights and no graph. Put its layers together, or open a file with a graph.',
    );
  }
}
