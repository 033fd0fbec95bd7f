import type { ByteSource } from '../../formats/byteSource';
import { type OpenedModel, openModel } from '../../formats/openModel';
import { PlainWeightsError } from '../../formats/weightsFile';
import type { LayersPlan } from '../../layers/plan';
import { LayersAssistant } from '../layersAssistant';

/** Reads a model's files again; `plan` made the model where they hold weights alone. */
export async function reopenModel(
  sources: readonly ByteSource[],
  plan: LayersPlan | null,
): Promise<OpenedModel> {
  if (plan === null) return openModel(sources);
  try {
    return await openModel(sources);
  } catch (error) {
    if (!(error instanceof PlainWeightsError)) throw error;
    return new LayersAssistant(error.weights).build(plan);
  }
}
