import { expect, test } from '../fixtures';

/* HistogramObservers, whose histograms the GPU counts, and qconfigs of single layers. */

test('fbgemm for the model, another qconfig for one layer, float for another', async ({ page, studio }) => {
  await studio.open({ sample: 'digits' });
  await studio.expectStep('load', 'done');
  const qconfig = (name: string) => page.getByRole('combobox', { name, exact: true });
  await qconfig('QConfig').selectOption('fbgemm');
  await studio.panel('Layers');
  await qconfig('Quantize linear2 as').selectOption('default');
  await qconfig('Quantize linear3 as').selectOption('float');
  await studio.run('Convert');
  expect(await studio.accuracy('float')).toBeCloseTo(531 / 540, 3);
  expect(await studio.accuracy('int8, equalized')).toBeGreaterThan(0.95);

  const report = await studio.exportReport();
  expect(report.config).toMatchObject({
    qconfig: 'fbgemm',
    qconfigs: { byName: { linear2: 'default', linear3: 'none' }, byType: {} },
  });
  const kinds = Object.fromEntries(report.observers.map(({ after, kind }) => [after, kind]));
  expect(kinds).toMatchObject({ linear1: 'histogram', linear2: 'minmax' });
  expect(Object.keys(kinds)).not.toContain('linear3');
  expect(report.layers.find(({ name }) => name === 'linear3')).toMatchObject({ decision: 'skip' });

  await studio.panel('Layers');
  await qconfig('Select layers').selectOption('all');
  await qconfig('Quantize selected layers as').selectOption('as global');
  await expect(qconfig('Quantize linear3 as')).toHaveValue('global');
  await studio.expectStep('prepare', 'todo');
});
