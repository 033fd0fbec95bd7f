import { ref } from '../../../graph/node';
import { asFloat, type FloatTensor } from '../../../graph/tensor';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';

/* Normalization and GELU. */

/** LayerNormalization (opset 17) over the last axes, whose tensors are constants. */
export function readLayerNormalization(reader: GraphReader, node: OnnxNode): void {
  const [value, weight, bias] = [node.input(0), node.input(1), node.optionalInput(2)];
  const [weightTensor, biasTensor] = [weight, bias].map((name) => (name ? floats(reader, node, name) : null));
  if (!weightTensor) node.fail('lacks input 1.');
  const { shape } = weightTensor;
  const asked = node.int('axis', -1);
  const axes = asked < 0 ? -asked : (reader.shapeOf(value)?.length ?? node.fail(rankNeeded(value))) - asked;
  if (shape.length !== axes || (biasTensor && biasTensor.shape.join() !== shape.join()))
    node.fail(
      `normalizes ${axes} axes with tensors of shape [${shape.join(', ')}]${biasTensor ? ` and [${biasTensor.shape.join(', ')}]` : ''}; the studio reads one entry for each normalized element.`,
    );
  reader.layerNorm(node, {
    weight: weightTensor,
    bias: biasTensor ?? null,
    eps: node.float('epsilon', 1e-5),
    origin: { nodeIndex: node.index, weight, bias: bias || null },
  });
  readStatistics(reader, node, axes);
}

/** The mean and the inverse deviation, LayerNormalization's other outputs, where something reads them. */
function readStatistics(reader: GraphReader, node: OnnxNode, axes: number): void {
  const [mean = '', inverse = ''] = node.proto.output
    .slice(1)
    .map((name) => (reader.isRead(name) ? name : ''));
  if (!mean && !inverse) return;
  const value = node.input(0);
  const x = ref(reader.operand(value, node.title));
  const type = reader.elementType(value);
  const dims = Array.from({ length: axes }, (_, i) => i - axes);
  const over = [dims, true];
  const centre = mean
    ? reader.result(node, 'torch.mean', [x, ...over], type, { output: mean })
    : reader.step(node, 'torch.mean', [x, ...over]);
  if (!inverse) return;
  const square = reader.step(node, 'torch.pow', [ref(reader.step(node, 'torch.sub', [x, ref(centre)])), 2]);
  const variance = reader.step(node, 'torch.mean', [ref(square), ...over]);
  const sum = reader.step(node, 'torch.add', [ref(variance), node.float('epsilon', 1e-5)]);
  reader.result(node, 'torch.rsqrt', [ref(sum)], type, { output: inverse });
}

const rankNeeded = (value: string) =>
  `needs the number of axes of '${value}', which the model does not tell.`;

function floats(reader: GraphReader, node: OnnxNode, value: string): FloatTensor {
  if (!reader.constants.has(value) || !reader.isFloat(value))
    node.fail(
      `takes '${value}' for its scale or bias, which is no float constant; the studio reads constants.`,
    );
  return asFloat(reader.constants.tensor(value), value);
}

/** Gelu (opset 20). */
export function readGelu(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const approximate = node.text('approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh')
    node.fail(`has approximate '${approximate}'; 'none' and 'tanh' are known.`);
  const x = ref(reader.operand(value, node.title));
  const kwargs = approximate === 'none' ? {} : { approximate };
  reader.result(node, 'torch.nn.functional.gelu', [x], reader.elementType(value), { kwargs });
}
