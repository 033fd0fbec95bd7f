import type { LayerDecision } from '../equalize/decision';
import type { ScaleEdits } from '../equalize/editScales';
import {
  type Consumer,
  findRegions,
  type Placement,
  type Region,
  usualPlacements,
} from '../equalize/regions/regions';
import type { NodeName } from '../graph/ids';
import type { Settings } from './settings';
import type { Snapshots } from './snapshots';
import type { ScaleEdit } from './views';

/** What a layer has in common with others, and which scales set by hand count for it. */
export interface Sharing {
  /** The other layers of its region: one method serves them all. */
  readonly region: readonly NodeName[];
  /** Those of them some of whose columns carry the same scales. */
  readonly sharesWith: readonly NodeName[];
  readonly edits: readonly ScaleEdit[];
  /** How many columns can be given a scale; null where equalization leaves the layer alone whatever is set. */
  readonly columns: number | null;
}

const ALONE: Sharing = { region: [], sharesWith: [], edits: [], columns: null };

/** Of any layer, from calibration on; PyTorch's pass scales each layer alone and knows nothing set by hand. */
export function layerSharing(
  { calibrate, equalize }: Snapshots,
  { semantics, byHand }: Settings,
): (layer: NodeName) => Sharing {
  if (semantics === 'pytorch' || !calibrate) return () => ALONE;
  const regions = findRegions(calibrate.model);
  const decisions = new Map(equalize?.result.decisions.map((decision) => [decision.layer, decision]));
  return (layer) => {
    const isOwn = (consumer: Consumer) => consumer.layer.node.name === layer;
    const region = regions.find(({ consumers }) => consumers.some(isOwn));
    if (!region) return ALONE;
    const placement = placementsOf(region, decisions.get(layer)).find((p) => p.consumers.some(isOwn));
    const own = placement?.consumers.find(isOwn);
    return {
      region: namesOf(region.consumers.filter((consumer) => !isOwn(consumer))),
      sharesWith: own && placement ? namesOf(sharing(placement, own)) : [],
      edits: own && placement ? editsOf(placement, own, byHand.scales) : [],
      columns: own?.classes.length ?? null,
    };
  };
}

const namesOf = (consumers: readonly Consumer[]): readonly NodeName[] =>
  consumers.map(({ layer }) => layer.node.name);

/** As it was decided; where nothing was scaled, as it would be. */
const placementsOf = (region: Region, decision: LayerDecision | undefined): readonly Placement[] =>
  decision?.decision === 'mul' ? region.muls : usualPlacements(region);

/** The other layers that read some factor of `own`. Every view asks, of every layer: most share with none. */
function sharing({ consumers }: Placement, own: Consumer): readonly Consumer[] {
  if (consumers.length === 1) return [];
  const { name } = own.layer.node;
  const factors = new Set(own.classes);
  return consumers.filter(
    ({ layer, classes }) => layer.node.name !== name && classes.some((k) => factors.has(k)),
  );
}

/** The scales set by hand that reach the columns of `own`, at whichever layer they were set; the later one counts. */
function editsOf({ consumers }: Placement, own: Consumer, scales: ScaleEdits): readonly ScaleEdit[] {
  if (consumers.every(({ layer }) => scales[layer.node.name] === undefined)) return [];
  const columns = columnsByFactor(own);
  const found = new Map<number, ScaleEdit>();
  for (const { layer, classes } of consumers)
    for (const [at, value] of Object.entries(scales[layer.node.name] ?? {}))
      for (const column of columns.get(classes[Number(at)] ?? -1) ?? [])
        found.set(column, { column, value, layer: layer.node.name, at: Number(at) });
  return [...found.values()].toSorted((a, b) => a.column - b.column);
}

function columnsByFactor({ classes }: Consumer): ReadonlyMap<number, readonly number[]> {
  const columns = new Map<number, number[]>();
  classes.forEach((k, column) => {
    if (k < 0) return;
    const known = columns.get(k);
    if (known) known.push(column);
    else columns.set(k, [column]);
  });
  return columns;
}
