import { FormatError } from '../../errors';
import { shortestFloat } from '../file/half';
import { isDefaultDomain } from '../file/modelProto';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  type NodeProto,
} from '../gen/onnx_pb';

const { FLOAT, FLOATS, INT, INTS, STRING } = AttributeType;

/** How a message names a node: its name, or its first output where it has none. */
export const nodeTitle = (proto: NodeProto): string => proto.name || (proto.output[0] ?? '(unnamed)');

/** Op type with its domain, unless that is the default one: `Gemm`, `com.microsoft.FusedMatMul`. */
export const qualifiedOp = (proto: NodeProto): string =>
  isDefaultDomain(proto.domain) ? proto.opType : `${proto.domain}.${proto.opType}`;

/** A node of the file with typed access to its attributes; every problem is a FormatError that names the node. */
export class OnnxNode {
  /** How messages name it: `node 'fc1' (Gemm)`. */
  readonly title: string;
  private readonly attributes: ReadonlyMap<string, AttributeProto>;

  constructor(
    readonly proto: NodeProto,
    /** Position in `graph.node`. */
    readonly index: number,
    private readonly file: string,
  ) {
    this.title = `node '${nodeTitle(proto)}' (${proto.opType})`;
    this.attributes = new Map(proto.attribute.map((attribute) => [attribute.name, attribute]));
  }

  fail(problem: string): never {
    throw new FormatError(this.file, `${this.title} ${problem}`);
  }

  /** The name of an input; empty when it is left out. */
  optionalInput(position: number): string {
    return this.proto.input[position] ?? '';
  }

  input(position: number): string {
    return this.optionalInput(position) || this.fail(`lacks input ${position}.`);
  }

  /** The name of the first output. */
  get output(): string {
    return this.proto.output[0] || this.fail('has no output.');
  }

  attribute(name: string): AttributeProto | undefined {
    return this.attributes.get(name);
  }

  int(name: string, fallback: number): number {
    const attribute = this.typed(name, INT);
    return attribute ? Number(attribute.i) : fallback;
  }

  /** A list of whole numbers; null where the file leaves it out. */
  ints(name: string): readonly number[] | null {
    const attribute = this.typed(name, INTS);
    return attribute ? attribute.ints.map(Number) : null;
  }

  /** A list of floats, as the shortest decimals; null where the file leaves it out. */
  floats(name: string): readonly number[] | null {
    const attribute = this.typed(name, FLOATS);
    return attribute ? attribute.floats.map(shortestFloat) : null;
  }

  text(name: string, fallback: string): string {
    const attribute = this.typed(name, STRING);
    return attribute ? new TextDecoder().decode(attribute.s) : fallback;
  }

  flag(name: string): boolean {
    return this.int(name, 0) !== 0;
  }

  /** A float attribute, as the shortest decimal that is the same float32. */
  float(name: string, fallback: number): number {
    const attribute = this.typed(name, FLOAT);
    return attribute ? shortestFloat(attribute.f) : fallback;
  }

  /** Old files leave the attribute's type out; the field that is set then tells. */
  private typed(name: string, type: AttributeType): AttributeProto | undefined {
    const attribute = this.attributes.get(name);
    if (attribute && attribute.type !== type && attribute.type !== AttributeType.UNDEFINED)
      this.fail(
        `has attribute '${name}' of type ${AttributeType[attribute.type]}; ${AttributeType[type]} is expected.`,
      );
    return attribute;
  }
}
