import type { StepName } from '../../../src/index';
import type { Studio } from '../../store/studio';
import { STEP_WORDS, STEPS } from '../../store/vocabulary';

type Asked = Pick<Studio, 'plotKind' | 'selected' | 'details' | 'tensors' | 'plotError' | 'view' | 'shown'>;

/** What shows `what`, where the step that is looked at comes before the one that finds it out; else null. */
function laterStep({ view, shown, details }: Asked, step: StepName, what: string): string | null {
  if (STEPS.indexOf(details?.step ?? shown) >= STEPS.indexOf(step)) return null;
  const { title } = STEP_WORDS[step];
  const act = view.steps[step] === undefined ? 'Click' : 'Choose the step';
  return `${act} ${title} to see ${what}.`;
}

/** Whether Calibrate finds the ranges of its columns: of a layer's input, and of what an observer sees. */
function isRanged({ details, view }: Asked): boolean {
  if (details === null) return false;
  if (details.layer !== null) return true;
  const node = view.steps[details.step]?.graph.nodes.find(({ name }) => name === details.name);
  return node?.role === 'observer' || node?.role === 'equalization';
}

function rangeWords(asked: Asked, node: string): string {
  const later = isRanged(asked) ? laterStep(asked, 'calibrate', `the column ranges of ${node}`) : null;
  return later ?? `${node} has no column ranges: select a layer or an observer.`;
}

function valueWords(asked: Asked): string {
  const later = laterStep(asked, 'calibrate', 'how the values are spread');
  return later ?? asked.tensors?.reason ?? 'Not counted yet: “Count values” runs the calibration data.';
}

/** No step has a scale for a layer that Equalize left alone. */
function scaleWords(asked: Asked, node: string): string {
  const none = `${node} has no equalization scale: only layers that Equalize gave one do.`;
  const layer = asked.view.layers.find(({ name }) => name === node);
  if (layer === undefined) return none;
  if (asked.view.steps.equalize === undefined)
    return laterStep(asked, 'equalize', `the scale of ${node}, where it gets one`) ?? none;
  return (layer.rule === null ? null : laterStep(asked, 'equalize', `the scale of ${node}`)) ?? none;
}

/** Why a kind has nothing to draw, and what to do about it. */
export function emptyWords(asked: Asked): string {
  const { plotKind, selected, details, plotError } = asked;
  if (plotKind === 'sqnr') return 'No layer has been measured yet: click Convert.';
  if (selected === null)
    return 'Select a layer or an observer, in the graph or in the tab Layers: its plot stands here.';
  if (plotError !== null) return plotError;
  if (plotKind === 'values') return valueWords(asked);
  if (plotKind === 'heat')
    return details?.layer === null ? `${selected} is no layer: it has no weight.` : 'Loading…';
  if (plotKind === 'scale') return scaleWords(asked, selected);
  if (plotKind.startsWith('weight')) return `${selected} has no weight: select a layer.`;
  return rangeWords(asked, selected);
}
