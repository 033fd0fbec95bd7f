import { constantBehind } from '../../graph/constantBehind';
import type { GraphIndex } from '../../graph/graph';
import type { NodeName, ParamName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { OpCall, Operand } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import type { Shape } from '../../graph/shape';
import { BARRIER, type ChannelOrigin } from './channelOrigin';
import { originOf } from './origins';

type Settled = Exclude<ChannelOrigin, { kind: 'choice' }>;

/** Origins of values of one graph, each looked up once; choices are settled by what stands before them. */
export class OriginSearch {
  private readonly settled = new Map<string, Settled>();
  private readonly carrying = new Map<string, boolean>();

  constructor(
    private readonly model: Model,
    private readonly index: GraphIndex,
    private readonly shapes: ReadonlyMap<NodeName, Shape>,
  ) {}

  /** Where the factors of a value's channels along an axis come from. */
  of(value: NodeName, axis: number): Settled {
    const key = `${axis} ${value}`;
    const known = this.settled.get(key) ?? this.settle(value, axis);
    this.settled.set(key, known);
    return known;
  }

  private settle(value: NodeName, axis: number): Settled {
    const node = this.index.get(value);
    const call = resolveNode(this.model, this.index, node);
    const output = this.shapes.get(value);
    if (!call || !output) return BARRIER;
    const operands = call.operands.map((o) => (o.kind === 'node' ? (this.shapes.get(o.node) ?? null) : []));
    const constantOf = (operand: Operand | undefined) => this.constantOf(operand);
    const origin = originOf(call, axis, { model: this.model, output, operands, constantOf });
    if (origin.kind !== 'choice') return origin;
    const taken = origin.choices.find((choice) => this.comesFrom(call, choice.position, choice.axis));
    const link = taken ?? origin.choices[0];
    return link ? { kind: 'links', links: [link], params: [] } : BARRIER;
  }

  /** A constant behind observers is one too. */
  private constantOf(operand: Operand | undefined): ParamName | null {
    return operand?.kind === 'node' ? constantBehind(this.model, this.index, operand.node) : null;
  }

  private comesFrom({ operands }: OpCall, position: number, axis: number): boolean {
    const operand = operands[position];
    return operand?.kind === 'node' && this.isTaken(operand.node, axis);
  }

  /** Whether tensors take the factors somewhere before the value: no input and no barrier stands between. */
  private isTaken(value: NodeName, axis: number): boolean {
    const key = `${axis} ${value}`;
    const known = this.carrying.get(key);
    if (known !== undefined) return known;
    const origin = this.of(value, axis);
    const call = resolveNode(this.model, this.index, this.index.get(value));
    const taken =
      origin.kind === 'producer' ||
      (origin.kind === 'links' &&
        call !== null &&
        origin.links.every((link) => this.comesFrom(call, link.position, link.axis)));
    this.carrying.set(key, taken);
    return taken;
  }
}
