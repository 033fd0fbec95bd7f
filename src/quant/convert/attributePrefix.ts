import type { GraphIndex } from '../../graph/graph';
import type { Node } from '../../graph/node';
import { resolveNode } from '../../graph/resolve';
import { isObserved, observationOf } from '../observation';
import type { ObservedModel } from '../observer';
import { activationObserverOf } from '../qconfigMapping';

const LINEAR_FUNCTION = 'torch.nn.functional.linear';

/**
 * What the names of an observed value's scale and zero point begin with (convert.py, `get_module_path_and_prefix`):
 * `fc1` for the output of the module `fc1`, nothing for that of a function. A value that is quantized only because others
 * read it is named after its first reader, `fc1_input`; `F.linear` goes before others.
 */
export function attributePrefix(
  model: ObservedModel,
  index: GraphIndex,
  producer: Node,
  readers: readonly Node[],
): string {
  if (producer.op === 'get_attr') return '';
  const isOwn =
    !model.floatNodes.includes(producer.name) &&
    activationObserverOf(model.qconfigs, model, producer) !== null &&
    isObserved(observationOf(resolveNode(model, index, producer), producer));
  if (isOwn) return pathOf(producer);
  return `${pathOf(readers.find((node) => node.target === LINEAR_FUNCTION) ?? readers[0])}_input`;
}

const pathOf = (node: Node | undefined): string => (node?.op === 'call_module' ? node.target : '');
