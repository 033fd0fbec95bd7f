import type { Dataset } from '../../formats/dataset';
import { FormatError } from '../../formats/errors';
import { inferShapes } from '../../graph/inferShapes';
import type { Model } from '../../graph/model';
import { inputsOf } from '../../graph/node';
import { withDataShapes } from './data';

/** Columns of the model's first output, one a class; null where they are not known before it runs. */
function classCount(model: Model): number | null {
  const output = model.graph.nodes.find((node) => node.op === 'output');
  const [first] = output ? inputsOf(output) : [];
  const columns = first === undefined ? undefined : inferShapes(model).get(first)?.at(-1);
  return typeof columns === 'number' ? columns : null;
}

/**
 * Throws a FormatError that names the first label that is no class of the model, as far as the shape of its output is
 * known.
 */
export function checkLabels(data: Dataset, model: Model): void {
  const { labels, source, origin } = data;
  const classes = labels && classCount(withDataShapes(model, data));
  if (!labels || classes === null) return;
  if (classes < 2)
    throw new FormatError(
      source,
      `has labels, but the model's first output has ${classes} column; accuracy needs one column a class. Leave the labels out.`,
    );
  const at = labels.findIndex((label) => label < 0 || label >= classes);
  if (at < 0) return;
  const where =
    origin?.kind === 'images'
      ? `image '${origin.names[at] ?? ''}' lies in class folder ${labels[at]} ('${origin.classes?.[labels[at] ?? 0] ?? ''}')`
      : `sample ${at} has label ${labels[at]}`;
  throw new FormatError(
    source,
    `${where}, which is no class of the model: its output has ${classes} columns, labels 0 to ${classes - 1}.`,
  );
}
