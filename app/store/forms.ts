import type { Form, StudioView } from '../../src/index';

/** The view with convert's graph and changes in a form: the reference form too where there is no lowered one. */
export function inForm(view: StudioView, form: Form): StudioView {
  const { convert } = view.steps;
  if (!convert?.forms) return view;
  const { reference, lowered } = convert.forms;
  const { graph, changes } = form === 'reference' ? reference : (lowered ?? reference);
  if (graph === convert.graph) return view;
  return { ...view, steps: { ...view.steps, convert: { ...convert, graph, changes } } };
}
