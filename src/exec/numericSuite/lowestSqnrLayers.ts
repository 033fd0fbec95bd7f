/**
 * The names of the `count` layers with the lowest SQNR, lowest first, equal ones in their order: those that
 * `get_equalization_qconfig_dict` (torch/ao/quantization/fx/_equalize.py) selects for equalization. NaN, a layer that
 * int8 breaks altogether, counts as lowest. Throws a RangeError for a count that is no natural number.
 */
export function lowestSqnrLayers(
  layerSqnr: Iterable<readonly [string, number]>,
  count: number,
): readonly string[] {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`The number of layers to equalize must be 0 or more, not ${count}.`);
  const rank = (sqnr: number) => (Number.isNaN(sqnr) ? Number.NEGATIVE_INFINITY : sqnr);
  return [...layerSqnr]
    .map(([name, sqnr]) => ({ name, rank: rank(sqnr) }))
    .toSorted((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .slice(0, count)
    .map(({ name }) => name);
}
