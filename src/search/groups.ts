import { type Model, parameterCount } from '../graph/model';

/** Weights that several int8 models may keep on the device at once: 256 MB. */
const MAX_PARAMETERS = 2 ** 26;
const MAX_GROUP = 8;

/**
 * Cuts a list of models to compare into groups that run side by side, so that the float model runs once for each
 * group: as many as memory allows.
 */
export function inGroups<T>(items: readonly T[], model: Model): readonly (readonly T[])[] {
  const fitting = Math.floor(MAX_PARAMETERS / Math.max(1, parameterCount(model)));
  const size = Math.min(MAX_GROUP, Math.max(1, fitting));
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
