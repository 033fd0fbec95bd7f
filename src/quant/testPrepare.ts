import { TestModel } from '../exec/testModel';
import { lint } from '../graph/lint';
import type { Model } from '../graph/model';
import { inputsOf, isNodeRef } from '../graph/node';
import { fuse } from './fuse/fuse';
import { insertObservers } from './insertObservers';
import { isObserver, type ObservedModel, observerRoot } from './observer';
import { QCONFIG_PRESETS } from './qconfig';
import { mappingOf, type QConfigMapping } from './qconfigMapping';
import type { Semantics } from './semantics';

/* Models with observers, and a short text of them. For tests only. */

/** A graph over the input `x`; it returns the output or the outputs. */
export type Build = (g: TestModel) => string | readonly string[];

export function buildModel(build: Build): Model {
  const g = new TestModel();
  g.input('x');
  const result = build(g);
  return typeof result === 'string' ? g.build(result) : g.build(...result);
}

/** Fused, with observers that have seen nothing. */
export function observe(
  model: Model,
  qconfigs: QConfigMapping = mappingOf(QCONFIG_PRESETS.default),
  semantics: Semantics = 'exact',
): ObservedModel {
  const observed = insertObservers(fuse(model, semantics).model, qconfigs, [], semantics).model;
  lint(observed);
  return observed;
}

/** Calls in graph order, a star for every value that is read through its observer | the observers, in graph order. */
export function observedText(model: Model, qconfigs?: QConfigMapping, semantics?: Semantics): string {
  const observed = observe(model, qconfigs, semantics);
  const valueBehind = new Map<string, string>();
  /** The value where each observer object stands first. */
  const firstSeen = new Map<string, string>();
  const calls: string[] = [];
  const observers: string[] = [];
  for (const node of observed.graph.nodes) {
    const [input] = node.args;
    if (node.op === 'call_module' && isObserver(observed, node.target) && isNodeRef(input)) {
      valueBehind.set(node.name, input.node);
      const root = observerRoot(observed, node.target);
      const first = firstSeen.get(root);
      const kind = (observed.observers[root] ?? observed.weightObservers[root])?.kind;
      observers.push(`${input.node} ${first === undefined ? kind : `as ${first}`}`);
      if (first === undefined) firstSeen.set(root, input.node);
    } else if (node.op !== 'placeholder' && node.op !== 'get_attr') {
      const reads = inputsOf(node).map((name) =>
        valueBehind.has(name) ? `${valueBehind.get(name)}*` : name,
      );
      calls.push(`${node.name}(${reads.join(', ')})`);
    }
  }
  return `${calls.join('; ')} | ${observers.join(', ')}`;
}
