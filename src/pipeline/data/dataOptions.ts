import { FormatError } from '../../formats/errors';
import {
  defaultGenerated,
  type GeneratedInput,
  type GeneratedSettings,
  openSizes,
} from '../../formats/generated/generatedSettings';
import {
  adaptedTo,
  defaultImageSettings,
  type ImageSettings,
  type ImageTarget,
  NORMALIZATIONS,
} from '../../formats/images/imageSettings';
import type { Work } from '../studioView';
import { generatedInputs } from './generatedInputs';
import { imageTargetOf } from './readData';

/** What the page's forms for images and generated data begin with. */
export interface DataOptions {
  /** Null, with the reason, for a model that takes no images. */
  readonly images: {
    readonly target: ImageTarget;
    readonly settings: ImageSettings;
    readonly normalizations: typeof NORMALIZATIONS;
  } | null;
  readonly imagesRefused: string | null;
  readonly inputs: readonly GeneratedInput[];
  /** Open dimensions whose sizes are asked for. */
  readonly openSizes: readonly string[];
  readonly generated: GeneratedSettings;
}

export function dataOptions({ opened, calibration, imageSettings }: Work): DataOptions {
  const inputs = generatedInputs(opened.model);
  const origin = calibration?.origin;
  const generated = origin?.kind === 'generated' ? origin.settings : defaultGenerated(inputs);
  const open = { inputs, openSizes: openSizes(inputs).map(({ key }) => key), generated };
  try {
    const target = imageTargetOf('Images', opened.model);
    const settings = imageSettings ? adaptedTo(target, imageSettings) : defaultImageSettings(target);
    return { images: { target, settings, normalizations: NORMALIZATIONS }, imagesRefused: null, ...open };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { images: null, imagesRefused: error.message, ...open };
  }
}
