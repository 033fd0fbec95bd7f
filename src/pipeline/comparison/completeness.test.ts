import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { floatModel } from '../../quant/floatModel';
import { goldenIndex } from '../goldens/testGolden';
import { GoldenRun } from '../goldens/testGoldenRun';
import type { Settings } from '../settings';
import { loadStep } from '../steps';
import { quietJob } from '../testRun';
import { sameModel } from './sameModel';
import { semanticsDifferences } from './semanticsDifferences';
import { runSemantics } from './semanticsRun';

/* On every graph form of the goldens: a difference is told exactly where the two models differ. */

describe('differences of the semantics', () => {
  beforeAll(() => openTestDevice('cpu'));

  it.each([...goldenIndex().keys()])('are told of %s when there are any', async (name) => {
    const { float, settings, batches } = await GoldenRun.open(name);
    const load = { ...loadStep(float, []), ms: 0 };
    const run = (semantics: Settings['semantics']) =>
      runSemantics(load, { ...settings, semantics }, batches, quietJob);
    const [exact, pytorch] = [await run('exact'), await run('pytorch')];
    expect(exact.error).toBeNull();
    if (!exact.run || !pytorch.run) return;
    const shown = exact.run;
    const differences = semanticsDifferences({ exact: exact.run, pytorch: pytorch.run, shown });
    const [ours, theirs] = [exact.run, pytorch.run].map(({ equalized, converted }) => ({
      float: floatModel(equalized.model),
      converted,
    }));
    const isSame =
      ours && theirs && sameModel(ours.float, theirs.float) && sameModel(ours.converted, theirs.converted);
    expect(differences.length === 0).toBe(isSame);
    const nodes = new Set(exact.run.equalized.model.graph.nodes.map((node) => String(node.name)));
    for (const { node, exact: sentence, pytorch: other } of differences) {
      expect(nodes).toContain(node);
      expect(sentence).toMatch(/^Exact .*\.$/);
      expect(other).toMatch(/^PyTorch .*\.$/);
    }
  });
});
