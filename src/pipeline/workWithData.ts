import { type Job, PLAIN_JOB } from '../exec/job';
import type { ByteSource } from '../formats/byteSource';
import type { Dataset } from '../formats/dataset';
import { FormatError } from '../formats/errors';
import { generateData } from '../formats/generated/generate';
import type { GeneratedSettings } from '../formats/generated/generatedSettings';
import type { ImageDecoder } from '../formats/images/imageDecoder';
import type { ImagePreview } from '../formats/images/imagePreview';
import type { ImageSettings } from '../formats/images/imageSettings';
import { hasImages } from '../formats/images/sortSources';
import { type DataOptions, dataOptions } from './data/dataOptions';
import { generatedInputs } from './data/generatedInputs';
import { readAgain, readData, sameImages } from './data/readData';
import { dataScopeOf, previewsOf, withCalibration, withEvaluation } from './data/workData';
import { OpenWork } from './openWork';
import type { RefusedImages } from './studioView';
import type { DataPurpose, StudioView } from './views';

/** An open model with its data, for calibration and for evaluation. */
export class WorkWithData extends OpenWork {
  /** Without a decoder, images are refused as data. */
  constructor(private readonly decodeImage: ImageDecoder | null) {
    super();
  }

  /**
   * Reads data for whichever it is: labelled data is for evaluation, other data for calibration. Labelled images are
   * for both while there is no calibration data.
   */
  openData(sources: readonly ByteSource[], job: Job = PLAIN_JOB): Promise<StudioView> {
    return this.read({ sources, purpose: null }, job);
  }

  /** Reads calibration data and binds it to the model's inputs; `calibrate` and later steps are forgotten. */
  openCalibration(sources: readonly ByteSource[], job: Job = PLAIN_JOB): Promise<StudioView> {
    return this.read({ sources, purpose: 'calibration' }, job);
  }

  /** Reads evaluation data; `convert` is forgotten, since its figures change. */
  openEvaluation(sources: readonly ByteSource[], job: Job = PLAIN_JOB): Promise<StudioView> {
    return this.read({ sources, purpose: 'evaluation' }, job);
  }

  /** Images that are refused are remembered: `changeImages` tries them again. */
  private async read(files: RefusedImages, job: Job): Promise<StudioView> {
    const work = this.open();
    try {
      const data = await readData(files.sources, this.dataScope(), job);
      return this.place(data, files.purpose);
    } catch (error) {
      if (error instanceof FormatError && hasImages(files.sources))
        this.work = { ...work, refusedImages: files };
      throw error;
    }
  }

  private place(data: Dataset, purpose: DataPurpose | null): StudioView {
    if (purpose === 'calibration' || (!purpose && !data.labels)) return this.calibrateOn(data);
    const view = this.evaluateOn(data);
    const isFirst = !purpose && data.origin?.kind === 'images' && !this.open().calibration;
    return isFirst ? this.calibrateOn(data) : view;
  }

  private dataScope() {
    return dataScopeOf(this.open(), this.decodeImage);
  }

  /** Makes calibration data up. */
  generateData(settings: GeneratedSettings): StudioView {
    return this.calibrateOn(generateData(generatedInputs(this.open().opened.model), settings));
  }

  /** Reads the images that are open again, for calibration and evaluation, with other settings. */
  async changeImages(settings: ImageSettings, job: Job): Promise<StudioView> {
    const { calibration, evaluation, refusedImages } = this.open();
    if (refusedImages) {
      this.work = { ...this.open(), imageSettings: settings };
      return this.read(refusedImages, job);
    }
    const scope = this.dataScope();
    const calibrating = await readAgain(calibration, settings, scope, job);
    const evaluating = sameImages(calibration, evaluation)
      ? calibrating
      : await readAgain(evaluation, settings, scope, job);
    // Labels may be refused: before anything has changed.
    if (evaluating) this.evaluateOn(evaluating);
    return calibrating ? this.calibrateOn(calibrating) : this.view();
  }

  /** What the page's forms for images and generated data begin with. */
  dataOptions(): DataOptions {
    return dataOptions(this.open());
  }

  /** The first images as the model sees them. */
  imagePreviews(): readonly ImagePreview[] {
    return previewsOf(this.open());
  }

  private calibrateOn(data: Dataset): StudioView {
    this.work = withCalibration(this.open(), data);
    return this.view();
  }

  private evaluateOn(data: Dataset): StudioView {
    this.work = withEvaluation(this.open(), data);
    return this.view();
  }
}
