import { FormatError } from '../errors';
import { ATEN_ATTENTION } from './atenAttention';
import { AtenCall } from './atenCall';
import { ATEN_FUNCTIONS } from './atenFunctions';
import { ATEN_LAYERS } from './atenLayers';
import type { AtenRule } from './atenRule';
import { ATEN_SHAPES, SIZE_OPERATORS, sizeOperator } from './atenShapes';
import type { GraphBuilder } from './graphBuilder';
import type { SerializedNode } from './schema';
import { outputNames } from './value';

const RULES: ReadonlyMap<string, AtenRule> = new Map(
  Object.entries({ ...ATEN_FUNCTIONS, ...ATEN_LAYERS, ...ATEN_SHAPES, ...ATEN_ATTENTION }),
);

/** Conditions on sizes: what they say is checked by nobody here, and nothing else may read them. */
const CONDITIONS = /^(_operator\.(eq|ne|lt|le|gt|ge|and_|or_|not_)|torch\.sym_not|torch\.sym_(min|max|ite))$/;

/** `relu_`: the op that writes into its first argument. The name in front of the overload ends in an underscore. */
const IN_PLACE = /^([a-z]\w*[a-z0-9])_\.(\w+)$/;

function refuseHigherOrder(node: SerializedNode, builder: GraphBuilder): void {
  const name = outputNames(node.outputs)[0] ?? node.name ?? node.target;
  const isGraph = node.inputs.some(({ arg }) => Object.hasOwn(arg, 'as_graph'));
  if (!isGraph && !node.target.startsWith('torch.ops.higher_order.')) return;
  throw new FormatError(
    builder.file,
    `node '${name}' (${node.target.replace('torch.ops.', '')}) runs a graph of its own (a branch, a loop or a context), which the studio does not read. Leave it out of the model, or unfold it with program.run_decompositions() before torch.export.save.`,
    name,
  );
}

/** The rule of an op; of one that writes in place, the rule of its counterpart. */
function ruleOf(call: AtenCall): { readonly rule: AtenRule; readonly inPlace: boolean } | null {
  const rule = RULES.get(call.op);
  if (rule) return { rule, inPlace: false };
  const [, name, overload] = IN_PLACE.exec(call.op) ?? [];
  const counterpart = name === undefined ? undefined : RULES.get(`${name}.${overload}`);
  return counterpart ? { rule: counterpart, inPlace: true } : null;
}

/** After an op in place, whoever reads its first argument reads what was written there. */
function rebind(call: AtenCall): void {
  const target = call.tensorName('self') ?? call.tensorName('input');
  const [result] = call.outputs;
  if (target === null || typeof result !== 'string') return;
  if (call.builder.binding(target, call.name).kind === 'param')
    call.fail(`writes into '${target}', a tensor of the model. Export it with program.run_decompositions()`);
  call.builder.bind(target, call.builder.binding(result, call.name));
}

/** Results that no rule has given: whoever reads them is told so. */
function bindRest(call: AtenCall): void {
  call.outputs.forEach((name, at) => {
    if (name !== null && !call.builder.isBound(name))
      call.builder.bind(name, { kind: 'absent', what: `result ${at + 1} of aten.${call.op}` });
  });
}

/** A call of an op that is not in the table: it stays under its own name, for the list of ops that are not known. */
function addUnknown(call: AtenCall, node: SerializedNode): void {
  const args = node.inputs.flatMap(({ name }) => {
    const tensor = call.value(name);
    return typeof tensor === 'object' && tensor !== null && 'tensor' in tensor ? [call.operand(name)] : [];
  });
  const ref = call.call(node.target, args);
  call.outputs.forEach((_, at) => void call.give(at, ref));
}

/** Adds what one node of the exported program is in the IR. */
export function addNode(node: SerializedNode, builder: GraphBuilder): void {
  refuseHigherOrder(node, builder);
  const call = new AtenCall(node, builder);
  const operator = SIZE_OPERATORS.get(node.target);
  const known = node.target.startsWith('torch.ops.aten.') ? ruleOf(call) : null;
  if (operator !== undefined) call.give(0, sizeOperator(call, operator, argumentNames(node)));
  else if (known) addKnown(call, known.rule);
  else if (!CONDITIONS.test(node.target)) addUnknown(call, node);
  bindRest(call);
  if (known?.inPlace) rebind(call);
}

function addKnown(call: AtenCall, rule: AtenRule): void {
  const result = rule(call);
  if (result) call.give(0, result);
  call.checkRead();
}

const argumentNames = (node: SerializedNode): readonly string[] =>
  node.inputs.map(({ name }, at) => name || `argument ${at}`);
