import { type ModuleName, moduleName, type NodeName } from '../graph/ids';
import type { ModuleSpec } from '../graph/model';
import { type Node, ref } from '../graph/node';
import type { Rewriter } from '../graph/rewriter';
import {
  type ObservedModel,
  type Observer,
  observerModule,
  observerRoot,
  observerState,
  rangedObserver,
} from '../quant/observer';
import type { TensorRange } from '../quant/observers/tensorRange';
import type { ActivationObserver } from '../quant/qconfig';
import { activationObserverOf } from '../quant/qconfigMapping';
import { entriesOf } from '../quant/withStats';

/** The range that an observer is to have, since its value was scaled. */
export interface ScaledRange {
  readonly node: NodeName;
  readonly module: ModuleName;
  readonly range: TensorRange;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
export const rangeText = (min: number, max: number): string => `[${short(min)}, ${short(max)}]`;

/** What equalization does to the observers of values that it scales. */
export class ActivationObservers {
  private readonly observers: Record<ModuleName, Observer>;
  private readonly changed = new Set<ModuleName>();

  constructor(
    private readonly model: ObservedModel,
    private readonly rewriter: Rewriter,
    private readonly modules: Record<ModuleName, ModuleSpec>,
  ) {
    this.observers = { ...model.observers };
  }

  state(): Pick<ObservedModel, 'observers'> {
    return { observers: this.observers };
  }

  /** Observers that got the range of a scaled tensor. */
  get rescaled(): ReadonlySet<ModuleName> {
    return this.changed;
  }

  /** A new observer behind `value`, in front of the node `before`, of the class that the layer behind asks for. */
  insert(value: NodeName, before: NodeName, range: TensorRange): NodeName {
    const name = this.rewriter.freeName(`${value}_activation_post_process_0`, this.modules);
    const target = moduleName(name);
    const observer = rangedObserver(this.observerFor(before), range);
    const node: Node = { name, op: 'call_module', target, args: [ref(value)], kwargs: {} };
    this.modules[target] = observerModule(observer);
    this.observers[target] = observer;
    this.changed.add(target);
    this.rewriter.insertBefore(
      before,
      node,
      `${name} holds the scaled range ${rangeText(range.min, range.max)}.`,
    );
    return name;
  }

  /** What the quantized ops behind a node want its value observed with. */
  private observerFor(name: NodeName): ActivationObserver {
    const seen = new Set<NodeName>();
    let front: readonly Node[] = [this.rewriter.get(name)];
    while (front.length > 0) {
      for (const node of front) {
        const observer = activationObserverOf(this.model.qconfigs, this.model, node);
        const call = node.op === 'call_module' ? node.target : null;
        const observes =
          call !== null && (this.observers[call] ?? this.model.equalizationObservers[call]) !== undefined;
        if (observer && !observes) return observer;
        seen.add(node.name);
      }
      front = front.flatMap((node) => this.rewriter.users(node.name)).filter((node) => !seen.has(node.name));
    }
    throw new Error(`internal: no quantized op reads '${name}'.`);
  }

  /**
   * Gives an observer a range of its own. Observers that shared its object keep what they had; a FixedQParamsObserver
   * becomes one of the qconfig, since its fixed range no longer fits.
   */
  setRange({ node, module, range }: ScaledRange): void {
    const before = observerState(this.model, module);
    if (!before) return;
    this.leaveToHeir(module, before);
    const channels = this.observers[module]?.channels ?? null;
    const config = before.kind === 'fixed' ? this.observerFor(node) : before;
    this.modules[module] = observerModule(config);
    this.observers[module] = { ...rangedObserver(config, range), channels };
    this.changed.add(module);
    this.note(node, before, range);
  }

  /** The first observer that shares the object takes it over, for the others too. */
  private leaveToHeir(module: ModuleName, state: Observer): void {
    const sharing = entriesOf(this.observers).filter(([, observer]) => observer.sharesWith === module);
    const [heir] = sharing[0] ?? [];
    for (const [name, { channels }] of sharing)
      this.observers[name] = { ...state, channels, sharesWith: name === heir || !heir ? null : heir };
  }

  /**
   * Gives the observers of one region their scaled ranges. Those that shared an object go on sharing one, with the
   * range over all of them: what only moves values stays on one grid.
   */
  setRegionRanges(observers: readonly ScaledRange[]): void {
    const groups = new Map<ModuleName, ScaledRange[]>();
    for (const observer of observers) {
      const root = observerRoot(this.model, observer.module);
      groups.set(root, [...(groups.get(root) ?? []), observer]);
    }
    for (const group of groups.values()) {
      const [first] = group;
      const range = {
        min: Math.min(...group.map((observer) => observer.range.min)),
        max: Math.max(...group.map((observer) => observer.range.max)),
      };
      for (const { node, module } of group) this.setRange({ node, module, range });
      for (const { module } of group) {
        const observer = this.observers[module];
        if (first && observer && module !== first.module)
          this.observers[module] = { ...observer, sharesWith: first.module };
      }
    }
  }

  /** Changes the range of an observer object in place: every observer that shares it sees the new range. */
  setRootRange({ node, module, range }: ScaledRange): void {
    const before = this.observers[module];
    if (!before) return;
    this.observers[module] = { ...before, ...range };
    this.note(node, before, range);
  }

  private note(node: NodeName, before: TensorRange, after: TensorRange): void {
    const text = `${rangeText(before.min, before.max)} becomes ${rangeText(after.min, after.max)}`;
    this.rewriter.rescale(node, 'range', [], `The range of ${node} ${text}.`, {
      before: { min: before.min, max: before.max },
      after: { min: after.min, max: after.max },
    });
  }
}
