import { fromBinary } from '@bufbuild/protobuf';
import type { ByteSource } from '../../byteSource';
import { ModelProtoSchema, TensorProto_DataLocation } from '../gen/onnx_pb';

/** Relative paths of the files that a model keeps tensors in, each once, as the model writes them. */
export async function externalPaths(source: ByteSource): Promise<readonly string[]> {
  const { graph } = fromBinary(ModelProtoSchema, await source.read(0, source.size));
  const tensors = [
    ...(graph?.initializer ?? []),
    ...(graph?.node ?? []).flatMap((node) => node.attribute.flatMap(({ t }) => (t ? [t] : []))),
  ];
  const paths = tensors
    .filter(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL)
    .flatMap(({ externalData }) =>
      externalData.filter(({ key }) => key === 'location').map(({ value }) => value),
    );
  return [...new Set(paths)];
}
