import { ref } from '../../graph/node';
import { ELEMENT, elementName, torchDtype } from './file/elementTypes';
import { ACTIVATION_READERS } from './readOps/readActivations';
import {
  readConcat,
  readGather,
  readSlice,
  readSplit,
  readSqueeze,
  readTranspose,
  readUnsqueeze,
} from './readOps/readAxesOps';
import {
  readBatchNormalization,
  readGroupNormalization,
  readInstanceNormalization,
} from './readOps/readChannelNorm';
import { readConv, readConvTranspose } from './readOps/readConv';
import { ELEMENTWISE_READERS, type OpReader, unary } from './readOps/readElementwise';
import { readGemm, readMatMul } from './readOps/readLinear';
import {
  readConstantOfShape,
  readDataDependent,
  readDepthToSpace,
  readEinsum,
  readExpand,
  readGatherElements,
  readPad,
  readRange,
  readSpaceToDepth,
  readTile,
  readTopK,
  readTrilu,
} from './readOps/readMoves';
import { readGelu, readLayerNormalization } from './readOps/readNorm';
import { readAveragePool, readGlobalPool, readLrn, readMaxPool } from './readOps/readPool';
import { REDUCE_READERS } from './readOps/readReduce';
import { readResize, readUpsample } from './readOps/readResize';
import { readFlatten, readReshape, readSoftmax } from './readOps/readShapeOps';

const leakyRelu: OpReader = (reader, node) => {
  const value = node.input(0);
  const x = ref(reader.operand(value, node.title));
  const slope = node.float('alpha', 0.01);
  reader.result(node, 'torch.nn.functional.leaky_relu', [x, slope], reader.elementType(value));
};

const sizeOnly: OpReader = (_, node) =>
  node.fail(
    `of '${node.input(0)}' is not known while reading; the studio reads it where the number of axes is known, as a shape. Export the model with fixed sizes.`,
  );

const identity: OpReader = (reader, node) => reader.identity(node, node.input(0));

/** Dropout as it runs in inference, where it passes its input through. */
const dropout: OpReader = (reader, node) => {
  const [value, ratio, training] = [node.input(0), node.optionalInput(1), node.optionalInput(2)];
  const mask = node.proto.output[1];
  if (mask && reader.isRead(mask))
    node.fail(`has a mask '${mask}' that is used; the studio reads Dropout without.`);
  if (training && (!reader.constants.has(training) || reader.constants.numbers(training)[0] !== 0))
    node.fail('is in training mode; export the model in evaluation mode (model.eval()).');
  // The ratio was an attribute before opset 12. In inference it says nothing but how the model was trained.
  const p = reader.constants.has(ratio) ? reader.constants.numbers(ratio)[0] : node.float('ratio', 0.5);
  const args = [ref(reader.operand(value, node.title)), p ?? 0.5, false];
  reader.result(node, 'torch.nn.functional.dropout', args, reader.elementType(value));
};

const cast: OpReader = (reader, node) => {
  const to = node.int('to', ELEMENT.FLOAT);
  const dtype =
    (to === ELEMENT.BFLOAT16 ? 'torch.bfloat16' : torchDtype(to)) ??
    node.fail(
      `casts to ${elementName(to)}; the studio reads float types, INT8, UINT8, INT16, INT32, INT64 and BOOL.`,
    );
  const value = node.input(0);
  reader.noteType(node.output, to);
  reader.cast(node, reader.operand(value, node.title), dtype, to);
};

/** Every op that the studio reads, in ONNX's default domain. */
export const OP_READERS: Readonly<Record<string, OpReader>> = {
  Gemm: readGemm,
  MatMul: readMatMul,
  Conv: readConv,
  ConvTranspose: readConvTranspose,
  BatchNormalization: readBatchNormalization,
  InstanceNormalization: readInstanceNormalization,
  GroupNormalization: readGroupNormalization,
  MaxPool: readMaxPool,
  AveragePool: readAveragePool,
  GlobalAveragePool: readGlobalPool('adaptive_avg_pool'),
  GlobalMaxPool: readGlobalPool('adaptive_max_pool'),
  LRN: readLrn,
  Relu: unary('torch.nn.functional.relu'),
  LeakyRelu: leakyRelu,
  Sigmoid: unary('torch.sigmoid'),
  Tanh: unary('torch.tanh'),
  Softmax: readSoftmax('torch.softmax'),
  LogSoftmax: readSoftmax('torch.log_softmax'),
  ...ACTIVATION_READERS,
  ...ELEMENTWISE_READERS,
  ...REDUCE_READERS,
  LayerNormalization: readLayerNormalization,
  Gelu: readGelu,
  Erf: unary('torch.erf'),
  Sqrt: unary('torch.sqrt'),
  Reciprocal: unary('torch.reciprocal'),
  Transpose: readTranspose,
  Concat: readConcat,
  Unsqueeze: readUnsqueeze,
  Squeeze: readSqueeze,
  Gather: readGather,
  Slice: readSlice,
  Expand: readExpand,
  Tile: readTile,
  GatherElements: readGatherElements,
  Pad: readPad,
  Trilu: readTrilu,
  DepthToSpace: readDepthToSpace,
  SpaceToDepth: readSpaceToDepth,
  Einsum: readEinsum,
  TopK: readTopK,
  Resize: readResize,
  Upsample: readUpsample,
  Range: readRange,
  ConstantOfShape: readConstantOfShape,
  NonZero: readDataDependent,
  ScatterND: readDataDependent,
  Split: readSplit,
  // What is done with sizes only is folded (`foldSizes`): this is left where the sizes lead elsewhere.
  Shape: sizeOnly,
  Size: sizeOnly,
  Flatten: readFlatten,
  Reshape: readReshape,
  Identity: identity,
  Dropout: dropout,
  Cast: cast,
  // Constants are collected before reading; what uses one finds it there.
  Constant: () => undefined,
};
