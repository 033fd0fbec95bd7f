import type { NodeDetails } from '../../../src/index';

/** What a report needs beside what the page knows already. */
export interface ReportJobs {
  /**
   * The column ranges of these layers as the last step that has them knows them; layers without an answer are left out.
   * Null where the work went on before all were there.
   */
  layerDetails(layers: readonly string[]): Promise<readonly NodeDetails[] | null>;
}
