import { captureValues } from '../exec/captureValues';
import type { Job } from '../exec/job';
import type { Site } from './candidate';
import type { SearchInput } from './modelErrors';
import { cutRegion } from './regionCut';
import { regionErrors } from './regionErrors';
import { type Trial, worstIfNull } from './selection';

/** What each candidate of a site does to the int8 error of the site's own layers. Progress is the caller's. */
export async function rankSite(
  { model, batches }: Pick<SearchInput, 'model' | 'batches'>,
  site: Site,
  job: Job,
): Promise<readonly Trial[]> {
  const cut = cutRegion(model, site);
  const values = await captureValues(model, batches, cut.inputs, job);
  const errors = await regionErrors(cut, values, site.candidates, job);
  return site.candidates.map((candidate, c) => ({
    candidate,
    region: worstIfNull(errors[c] ?? null),
    model: null,
  }));
}
