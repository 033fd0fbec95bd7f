import type { GeneratedInput } from '../../formats/generated/generatedSettings';
import { GraphIndex } from '../../graph/graph';
import { type NodeName, nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { OpName } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import { modelInputs } from './data';

/** Ops behind which an index is still one. */
const KEEPS_INDICES: ReadonlySet<OpName> = new Set([
  'identity',
  'dropout',
  'to',
  'flatten',
  'reshape',
  'squeeze',
  'unsqueeze',
  'transpose',
  'permute',
  'getitem',
]);

/** Rows of the smallest Embedding that takes its indices from this input; null where none does. */
function indexedRows(model: Model, index: GraphIndex, input: NodeName): number | null {
  const open = [input];
  let rows: number | null = null;
  for (let value = open.pop(); value !== undefined; value = open.pop())
    for (const user of index.users(value)) {
      const call = resolveNode(model, index, user);
      if (call?.op === 'embedding') rows = Math.min(rows ?? call.attrs.count, call.attrs.count);
      else if (call && KEEPS_INDICES.has(call.op)) open.push(user.name);
    }
  return rows;
}

/** The model's inputs as the generator needs them. */
export function generatedInputs(model: Model): readonly GeneratedInput[] {
  const index = new GraphIndex(model.graph);
  return modelInputs(model).map(({ name, shape }) => ({
    name,
    shape,
    indices: indexedRows(model, index, nodeName(name)),
  }));
}
