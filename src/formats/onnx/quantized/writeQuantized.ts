import type { Model } from '../../../graph/model';
import type { FilePart } from '../../byteSource';
import { encodeParts, encodeWhole } from '../file/encodeParts';
import { writeModel } from '../write';
import { findAverages } from './averages';
import { type Boundary, withBoundary } from './boundary';
import { withoutUnread } from './deadValues';
import { quantizedOps } from './quantizedOps';
import { QuantizedWriter } from './quantizedWriter';
import { findRowMuls } from './rowMuls';

/**
 * A quantized model in its reference form as an ONNX file in QDQ form, in parts: every step to a grid and back is a
 * QuantizeLinear and a DequantizeLinear, weights are stored as 8-bit integers. What the reference form computes in
 * float stays float, biases too (see `QuantizedWriter`). A QuantizeLinear saturates where PyTorch's
 * `quantize_per_tensor` does, at 0…255 or −128…127: of a reduced range (0…127) neither cuts off what lies beyond the
 * calibrated range.
 *
 * `boundary` gives inputs and outputs the names and types that they have in the file that the model came from.
 * Throws a GraphError for a node that ONNX cannot express.
 */
export function quantizedParts(model: Model, boundary: Boundary | null = null): readonly FilePart[] {
  const { message, deferred } = quantizedFile(model, boundary);
  return encodeParts(message, deferred);
}

/** The same as one array of bytes. */
export function writeQuantizedOnnx(model: Model, boundary: Boundary | null = null): Uint8Array {
  const { message, deferred } = quantizedFile(model, boundary);
  return encodeWhole(message, deferred);
}

function quantizedFile(model: Model, boundary: Boundary | null) {
  const writer = new QuantizedWriter(model);
  const message = writeModel(
    writer,
    quantizedOps(writer, { muls: findRowMuls(model), averages: findAverages(model) }),
  );
  if (message.graph) {
    withoutUnread(message.graph);
    if (boundary) withBoundary(message.graph, boundary);
  }
  return { message, deferred: writer.deferred };
}
