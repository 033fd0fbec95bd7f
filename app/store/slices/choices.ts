import type { ScaleEdit } from '../../../src/index';
import type { EqualizationChoice, LayerMethodChoice, LayerQConfigChoice } from '../vocabulary';

/** The verbs for choices by name and by type; `global` takes a choice back. */
export interface ChoiceJobs {
  /** Takes layers into equalization or out of it; the steps that this touches wait, or run again at once. */
  equalizeLayers(layers: readonly string[], choice: EqualizationChoice, then?: Then): Promise<void>;
  equalizeType(type: string, choice: EqualizationChoice): Promise<void>;
  /** What counts for layers that neither a name nor a type decides. */
  equalizeOthers(on: boolean): Promise<void>;
  /** Equalizes those layers alone whose int8 output is furthest from float, and says which. */
  equalizeLowest(count: number): Promise<void>;
  chooseQConfig(layers: readonly string[], choice: LayerQConfigChoice): Promise<void>;
  chooseTypeQConfig(type: string, choice: LayerQConfigChoice): Promise<void>;
}

/** What becomes of steps that a choice touches. */
export type Then = 'wait' | 'again';

/** The verbs for what the user decides for single layers: methods and scales. */
export interface ByHandJobs {
  /** Gives layers a method of their own. Layers of one region follow one method: the newest choice. */
  chooseMethod(layers: readonly string[], choice: LayerMethodChoice, then?: Then): Promise<void>;
  /** Sets scales of a layer by column and runs again. */
  setScales(layer: string, scales: Readonly<Record<number, number>>): Promise<void>;
  /** Takes scales back, wherever they were set, and runs again. */
  takeBackScales(edits: readonly Pick<ScaleEdit, 'layer' | 'at'>[]): Promise<void>;
}
