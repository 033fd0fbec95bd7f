import { type ModuleName, moduleName } from '../graph/ids';
import type { ModuleSpec } from '../graph/model';
import { type Observer, observerModule } from './observer';

/**
 * Puts the observer object behind `source` in the place of the one behind `name`, as PyTorch's `setattr` does: other
 * places where the old object stands keep it.
 */
export function shareObserver(
  observers: Record<ModuleName, Observer>,
  modules: Record<ModuleName, ModuleSpec>,
  name: ModuleName,
  source: ModuleName,
): void {
  const observer = observers[name];
  const shared = observers[source];
  if (!observer || !shared || rootOf(observers, name) === rootOf(observers, source)) return;
  let heir = observer.sharesWith;
  for (const key of Object.keys(observers)) {
    const other = moduleName(key);
    const state = observers[other];
    if (state?.sharesWith !== name) continue;
    observers[other] = { ...state, sharesWith: heir };
    heir ??= other;
  }
  observers[name] = { ...shared, channels: null, sharesWith: source };
  modules[name] = observerModule(shared);
}

function rootOf(observers: Readonly<Record<ModuleName, Observer>>, name: ModuleName): ModuleName {
  const shared = observers[name]?.sharesWith;
  return shared ? rootOf(observers, shared) : name;
}
