import type { ModelProto } from '../../src/formats/onnx/gen/onnx_pb';

/* Which cases of ONNX's own test suite the studio answers for. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Ops of convolutional networks and transformer encoders. */
export const LISTED_OPS: ReadonlySet<string> = new Set(
  words(`
    Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Celu Clip Concat Constant ConstantOfShape Conv
    ConvTranspose CumSum DepthToSpace Div Dropout Einsum Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements
    Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity
    InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max MaxPool Mean Min Mul
    Neg Not OneHot Or Pad Pow PRelu Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round Selu Shape Sigmoid Sign Size
    Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh Tile TopK Transpose Trilu Unsqueeze
    Upsample Where Xor`),
);

const STRING = 8;

/** Why a case is not one of the listed ones; null when it is. */
export function outsideScope(model: ModelProto): string | null {
  const { graph } = model;
  if (!graph) return 'no graph';
  const other = graph.node.find(({ opType, domain }) => domain !== '' || !LISTED_OPS.has(opType));
  if (other) return `${other.domain}${other.opType} is not listed`;
  const inputs = graph.input.map(({ type }) => type?.value);
  if (inputs.some((type) => type?.case !== 'tensorType'))
    return 'sequences and optional values are not listed';
  const types = [...inputs, ...graph.output.map(({ type }) => type?.value)];
  if (types.some((type) => type?.case === 'tensorType' && type.value.elemType === STRING))
    return 'strings are not listed';
  return graph.node.some(isCubic) ? 'cubic Resize is not listed' : null;
}

const isCubic = ({ opType, attribute }: NonNullable<ModelProto['graph']>['node'][number]): boolean =>
  opType === 'Resize' &&
  attribute.some(({ name, s }) => name === 'mode' && new TextDecoder().decode(s) === 'cubic');
