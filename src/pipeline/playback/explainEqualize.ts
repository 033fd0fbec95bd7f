import { rangeText } from '../../equalize/activationObservers';
import { reasonOf } from '../../equalize/decision';
import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import { firstInput } from '../../graph/node';
import { asFloat } from '../../graph/tensor';
import { type ObservedModel, observerState } from '../../quant/observer';
import { calculateQParams } from '../../quant/qparams';
import { type LayerNode, layerNodes } from '../../quant/weightUse';
import type { Settings } from '../settings';
import type { EqualizeSnapshot } from '../snapshots';
import { type ChangeOfKind, type Explained, NOTHING } from './explained';
import { formula, minus, over, plus, times } from './expression';
import type { Phase } from './phases';
import type { Formula } from './playbackViews';
import { observerFormulas, plannedWords, rangeFormulas } from './qparamsFormulas';
import { type ExplainedScale, scaleFormulas, tellingChannel } from './scaleFormulas';
import { balancedRanges, type ScaleSource, scaleSources } from './scaleSources';
import { divided, elementName, Factors, largestElement } from './weightElements';

/** Explains the changes of one equalization; what they share is looked up once. */
export class EqualizeExplainer {
  private readonly sources: ReadonlyMap<NodeName, ScaleSource>;
  private readonly layers: ReadonlyMap<NodeName, LayerNode>;
  private readonly factors: Factors;
  private readonly index: GraphIndex;

  constructor(
    private readonly phase: Phase,
    private readonly before: ObservedModel,
    private readonly snapshot: EqualizeSnapshot,
    private readonly settings: Settings,
  ) {
    this.index = new GraphIndex(before.graph);
    this.layers = new Map(layerNodes(before, this.index).map((layer) => [layer.node.name, layer]));
    this.sources = scaleSources(before, snapshot.result, settings.semantics);
    this.factors = new Factors(phase, snapshot.result);
  }

  rescale(number: number, change: ChangeOfKind<'rescale'>, part: number | null): Explained {
    const [node] = change.nodes;
    if (node === undefined) return NOTHING;
    switch (change.what) {
      case 'columns':
        return this.columns(number, node, part);
      case 'rows':
        return this.rows(number, change, node, part);
      case 'tensors':
        return this.tensors(change, node, part);
      case 'bias-lowered':
        return this.lowered(number, change, node, part);
      case 'bias-raised':
        return this.raised(number, node, part);
      case 'range':
        return this.range(change, node);
      case 'forgotten':
        return {
          ...NOTHING,
          why: 'The range that it saw is that of the unscaled weight: it is emptied, and Convert shows it the scaled one.',
        };
      default:
        return NOTHING;
    }
  }

  /** The constant in front of a mul, and the mul. */
  insert({ node, nodes }: ChangeOfKind<'insert'>, part: number | null): Explained {
    const mul = node.op === 'get_attr' ? null : node.name;
    if (node.op === 'call_module') return this.newObserver(node.target);
    const source = [...this.sources.values()].find(
      ({ decision }) =>
        decision.decision === 'mul' && (decision.mul === mul || this.reads(decision.mul, node.name)),
    );
    if (!source) return NOTHING;
    const c = part ?? tellingChannel(source.values);
    const scale = this.scale(source, c);
    const choice = { what: 'column' as const, count: source.values.length, chosen: c };
    const reason = reasonOf(source.decision);
    if (mul === null) return { ...NOTHING, ...scale, why: joined(scale.why, reason), choice };
    const k = source.classes[c] ?? -1;
    const largest = source.ranges().input.max[k] ?? 0;
    const s = source.values[c] ?? 1;
    const product = formula(
      `max ${mul}[${c}]`,
      `max ${nodes[1] ?? 'x'}[${c}] · s[${c}]`,
      times(largest, s),
      Math.fround(largest * s),
    );
    return { ...NOTHING, why: reason, formulas: [product, ...scale.formulas], choice };
  }

  private newObserver(module: string): Explained {
    const observer = Object.entries(this.snapshot.model.observers).find(([name]) => name === module)?.[1];
    if (!observer) return NOTHING;
    return {
      ...NOTHING,
      why: `The layers behind the mul read scaled values: their observer holds the scaled range. ${plannedWords(observer)}`,
      formulas: observerFormulas(observer),
    };
  }

  /** Whether the mul reads the constant. */
  private reads(mul: NodeName, constant: NodeName): boolean {
    const node = this.snapshot.model.graph.nodes.find(({ name }) => name === mul);
    return (
      node?.args.some(
        (arg) => typeof arg === 'object' && arg !== null && 'node' in arg && arg.node === constant,
      ) ?? false
    );
  }

  private scale(source: ScaleSource, c: number): ExplainedScale {
    return scaleFormulas(source, this.settings, c, () =>
      balancedRanges(source, this.snapshot.model, this.layers, c),
    );
  }

  private columns(number: number, node: NodeName, part: number | null): Explained {
    const source = this.sources.get(node);
    const layer = this.layers.get(node);
    const values = this.factors.ofColumns(node);
    if (!layer || !values) return NOTHING;
    const c = part ?? tellingChannel(values);
    const { weight } = layer.call.attrs;
    const element = largestElement(layer.call, asFloat(this.before.params[weight], weight), { column: c });
    const value = this.factors.weightBefore(number, layer, element.index, element);
    const s = values[c] ?? 1;
    const name = elementName(weight, element);
    const divide = formula(name, `W[:, ${c}] / s[${c}]`, over(value, s), divided(value, s));
    const scale = source ? this.scale(source, c) : null;
    return {
      ...NOTHING,
      why: joined(
        `Column ${c} of the input arrives multiplied by s[${c}], so the column of the weight is divided by it: the product stays.`,
        scale?.why ?? '',
      ),
      formulas: [divide, ...(scale?.formulas ?? [])],
      choice: { what: 'column', count: values.length, chosen: c },
    };
  }

  private rows(
    number: number,
    { params }: ChangeOfKind<'rescale'>,
    node: NodeName,
    part: number | null,
  ): Explained {
    const layer = this.layers.get(node);
    const factors = this.factors.ofRows(node);
    if (!layer || !factors) return NOTHING;
    const r = part ?? tellingChannel(factors);
    const { weight, bias } = layer.call.attrs;
    const reader = this.readerOf(node, weight, factors, r);
    const s = factors[r] ?? 1;
    const label = reader ? `s[${reader.channel}]` : `s[${r}]`;
    const element = largestElement(layer.call, asFloat(this.before.params[weight], weight), { row: r });
    const value = this.factors.weightBefore(number, layer, element.index, element);
    const formulas = [
      formula(elementName(weight, element), `W[${r}, :] · ${label}`, times(value, s), Math.fround(value * s)),
    ];
    if (bias !== null && params.includes(bias)) {
      const b = this.factors.biasBefore(number, bias, r);
      formulas.push(formula(`${bias}[${r}]`, `b[${r}] · ${label}`, times(b, s), Math.fround(b * s)));
    }
    const scale = reader ? this.scale(reader.source, reader.channel) : null;
    const why = reader
      ? `Row ${r} makes the channel that ${reader.source.layer.node.name} reads as its column ${reader.channel}: it takes that column's scale, at no cost at run time.`
      : `Row ${r} takes the scale of what reads it, at no cost at run time.`;
    return {
      ...NOTHING,
      why: joined(why, scale?.why ?? ''),
      formulas: [...formulas, ...(scale?.formulas ?? [])],
      choice: { what: 'row', count: factors.length, chosen: r },
    };
  }

  /** The layer whose scale a row takes, and its channel. */
  private readerOf(
    node: NodeName,
    param: string,
    factors: Float32Array,
    r: number,
  ): { readonly source: ScaleSource; readonly channel: number } | null {
    for (const source of this.sources.values()) {
      const { placement } = source;
      if (placement === null && source.values === factors) return { source, channel: r };
      if (placement?.placement !== 'fold') continue;
      const own = placement.params.find((taker) => taker.node === node && taker.param === param);
      const channel = own ? source.classes.indexOf(own.classes[r] ?? -2) : -1;
      if (channel >= 0) return { source, channel };
    }
    return null;
  }

  private tensors({ params }: ChangeOfKind<'rescale'>, node: NodeName, part: number | null): Explained {
    const source = [...this.sources.values()].find(
      ({ placement }) =>
        placement?.placement === 'fold' && placement.params.some((taker) => taker.node === node),
    );
    if (source?.placement?.placement !== 'fold') return NOTHING;
    const takers = source.placement.params.filter(
      (taker) => taker.node === node && params.includes(taker.param),
    );
    const [first] = takers;
    if (!first) return NOTHING;
    const factorOf = (k: number) => source.values[source.classes.indexOf(k)] ?? 1;
    const i = part ?? tellingChannel(Float32Array.from(first.classes, factorOf));
    const formulas = takers.flatMap(({ param, axis, classes }): readonly Formula[] => {
      const { data, shape } = asFloat(this.before.params[param], param);
      const inner = shape.slice(axis + 1).reduce((size, length) => size * length, 1);
      const [value, s] = [data[i * inner] ?? 0, factorOf(classes[i] ?? -1)];
      return [formula(`${param}[${i}]`, `${param}[${i}] · s`, times(value, s), Math.fround(value * s))];
    });
    const channel = source.classes.indexOf(first.classes[i] ?? -2);
    const scale = channel < 0 ? null : this.scale(source, channel);
    return {
      ...NOTHING,
      why: joined(
        `${node} makes the channels that ${source.layer.node.name} reads: its own tensors take the scale, at no cost at run time.`,
        scale?.why ?? '',
      ),
      formulas: [...formulas, ...(scale?.formulas ?? [])],
      choice: { what: 'channel', count: first.classes.length, chosen: i },
    };
  }

  private lowered(
    number: number,
    { params }: ChangeOfKind<'rescale'>,
    node: NodeName,
    part: number | null,
  ): Explained {
    const amounts = this.factors.lowered(node);
    const [bias] = params;
    if (!amounts || bias === undefined) return NOTHING;
    const r = part ?? amounts.indexOf(amounts.reduce((most, amount) => Math.max(most, amount), 0));
    const b = this.factors.biasBefore(number, bias, r);
    const c = amounts[r] ?? 0;
    return {
      ...NOTHING,
      why: `On the calibration data channel ${r} never falls below c[${r}]: without it, int8 has a narrower range to cover, and the layers behind add it again.`,
      formulas: [formula(`${bias}[${r}]`, `b[${r}] − c[${r}]`, minus(b, c), Math.fround(b - c))],
      choice: { what: 'row', count: amounts.length, chosen: r },
    };
  }

  private raised(number: number, node: NodeName, part: number | null): Explained {
    const layer = this.layers.get(node);
    const bias = layer?.call.attrs.bias;
    if (!layer || !bias) return NOTHING;
    const final = asFloat(this.snapshot.model.params[bias], bias).data;
    const later = this.phase.changes
      .slice(number + 1)
      .some((change) => change.kind === 'rescale' && change.params.includes(bias));
    const added = (r: number) => (final[r] ?? 0) - this.factors.biasBefore(number, bias, r);
    const r =
      part ?? final.reduce((most, _, row) => (Math.abs(added(row)) > Math.abs(added(most)) ? row : most), 0);
    const b = this.factors.biasBefore(number, bias, r);
    const sum = formula(`${bias}[${r}]`, `b[${r}] + Σ W[${r}, j] · c[j]`, plus(b, added(r)), final[r] ?? 0);
    return {
      ...NOTHING,
      why: 'It takes over what the layer before left out of its bias: what its columns make of those amounts.',
      formulas: later ? [] : [sum],
      choice: { what: 'row', count: final.length, chosen: r },
    };
  }

  private range({ range }: ChangeOfKind<'rescale'>, node: NodeName): Explained {
    const target = this.index.find(node)?.target;
    const observer = Object.entries(this.snapshot.model.observers).find(([name]) => name === target)?.[1];
    if (!range || !observer) return NOTHING;
    const found = this.extreme(node, range.after.max);
    const isFinal = observer.min === range.after.min && observer.max === range.after.max;
    const qparams = isFinal
      ? observerFormulas(observer)
      : rangeFormulas(
          range.after,
          observer.spec,
          calculateQParams(range.after.min, range.after.max, observer.spec),
        );
    return {
      ...NOTHING,
      why: `${node} sees scaled values from now on: ${rangeText(range.before.min, range.before.max)} becomes ${rangeText(range.after.min, range.after.max)}, over all channels.`,
      formulas: [...(found ? [found] : []), ...qparams],
    };
  }

  /** The channel whose scaled maximum is the observer's. */
  private extreme(node: NodeName, max: number): Formula | null {
    for (const { placement, consumer, values, classes } of this.sources.values()) {
      const seen =
        placement?.placement === 'fold'
          ? placement.observers.find((observer) => observer.node === node)
          : null;
      const reads = consumer && firstInput(this.index.get(consumer.observerNode)) === node;
      const module = seen?.module ?? (reads ? consumer.observer : null);
      if (module === null) continue;
      const stats = seen
        ? observerState(this.before, seen.module)?.channels
        : this.before.equalizationObservers[module]?.channels;
      const own = seen?.classes ?? classes;
      for (const [c, k] of own.entries()) {
        const [x, s] = [stats?.max[c] ?? 0, values[classes.indexOf(k)] ?? 1];
        if (k >= 0 && Math.fround(x * s) === max)
          return formula(`max x[${c}]`, `max x[${c}] · s[${c}]`, times(x, s), max);
      }
    }
    return null;
  }
}

const joined = (...sentences: readonly string[]): string => sentences.filter((text) => text !== '').join(' ');
