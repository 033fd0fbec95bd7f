/** A graph that breaks a rule of the IR. The message names the node, the value and the rule. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  constructor(
    message: string,
    readonly node: string | null = null,
  ) {
    super(message);
  }
}

/** One kind of op that the studio cannot read or run, with how often it occurs and where it was first seen. */
export interface UnsupportedOp {
  readonly op: string;
  readonly count: number;
  readonly firstNode: string;
}

/** Every op of a model that the studio does not know, in one error, so that a user sees the whole distance at once. */
export class UnsupportedOpError extends Error {
  override readonly name = 'UnsupportedOpError';
  /** `wayOut`: what the user may do instead, as a sentence. */
  constructor(
    readonly ops: readonly UnsupportedOp[],
    readonly wayOut: string | null = null,
  ) {
    const list = ops.map((o) => `${o.op} (${o.count}×, first at '${o.firstNode}')`).join(', ');
    super(
      `The model uses ${ops.length === 1 ? 'an op' : `${ops.length} ops`} the studio does not support: ${list}.${wayOut === null ? '' : ` ${wayOut}`}`,
    );
  }
}
