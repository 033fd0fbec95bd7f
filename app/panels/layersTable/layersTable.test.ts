import { expect, it } from 'vitest';
import { fakeLayer } from '../../store/fakes/layers';
import { FIRST_LAYER_COLUMNS } from '../../store/layersTable/columns';
import { layerRows } from '../../store/layersTable/layerRow';
import { FIRST_SETTINGS } from '../../store/vocabulary';
import { columnWidths } from './columnWidths';
import { layersCsv } from './layersCsv';

it('writes what is chosen, decided and measured, one row a layer', () => {
  const fc = {
    ...fakeLayer('fc'),
    decision: 'skip' as const,
    reason: 'read by "cat", too',
    inputRatio: [48, null] as const,
    sqnr: { plain: 20, equalized: 20.5 },
  };
  const settings = { ...FIRST_SETTINGS, qconfigs: { byName: { fc: 'fbgemm' as const }, byType: {} } };
  const [head, row, end] = layersCsv(layerRows([fc], settings)).split('\r\n');
  expect(head?.split(',')).toHaveLength(18);
  expect(row).toBe(
    'fc,torch.nn.Linear,2×2,on,fbgemm,global,skip,,"read by ""cat"", too",,,48,,,,20,20.5,0.5',
  );
  expect(end).toBe('');
});

it('has one column that grows, whatever is shown, and a name no wider than it may be', () => {
  const names = ['fc', 'x'.repeat(300)];
  const { widths, total } = columnWidths(FIRST_LAYER_COLUMNS, names);
  expect(widths.filter((width) => width === null)).toHaveLength(1);
  expect(widths[1]).toBe(250);
  expect(total).toBeGreaterThan(900);
  expect(columnWidths(['name', 'gain'], names).widths).toEqual([32, null, 80]);
});
