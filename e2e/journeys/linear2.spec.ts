import { expect, test } from '../fixtures';
import { CONVERTED, EQUALIZED, PREPARED } from './seedGraphs';

for (const semantics of ['Exact', 'PyTorch'] as const) {
  test(`Linear2Module prints the graphs of pytorch/pytorch#60034 (${semantics})`, async ({ studio }) => {
    await studio.open({ sample: 'linear2' });
    await studio.expectStep('load', 'done');
    await studio.chooseSemantics(semantics);

    await studio.run('Prepare');
    expect(await studio.fxText()).toBe(PREPARED);
    await studio.run('Calibrate');
    expect(await studio.fxText()).toBe(PREPARED);
    await studio.run('Equalize');
    expect(await studio.fxText()).toBe(EQUALIZED);
    await studio.run('Convert');
    expect(await studio.fxText()).toBe(CONVERTED);
    expect((await studio.export('Graph (.txt)')).toString('utf8').trimEnd()).toBe(CONVERTED);
  });
}
