import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { asFloat } from '../../graph/tensor';
import { DEFAULT_SETTINGS, type Settings } from '../settings';
import { Studio } from '../studio';
import { quietJob } from '../testRun';
import { BACKEND, sampleFile } from '../testStudio';

beforeAll(() => openTestDevice('cpu'));

/** The largest and the smallest entry of a column of the weight that was opened. */
function columnOf(studio: Studio, state: number, name: string, column: number): readonly [number, number] {
  const { data, shape } = asFloat(
    Object.entries(studio.state(state)?.work.opened.model.params ?? {}).find(
      ([param]) => param === name,
    )?.[1],
    name,
  );
  const columns = shape[1] ?? 1;
  const values = [...data].filter((_, at) => at % columns === column);
  return [Math.max(...values), Math.min(...values)];
}

const NAMED = /max (\S+)\[:, (\d+)\] − min/;
const RANGE = /sqrt\(\((\S+) − (\S+)\) \//;

it.each<[string, Partial<Settings>]>([
  ['transformer', {}],
  ['digits', { semantics: 'pytorch' }],
])(
  'a scale’s formula has the numbers of the column that it names, shared ones too: %s',
  async (sample, patch) => {
    const studio = new Studio(BACKEND);
    await studio.openModel([sampleFile(`${sample}/model.safetensors`)]);
    await studio.openCalibration([sampleFile(`${sample}/calibration.npz`)]);
    const { steps, state } = await studio.run('equalize', { ...DEFAULT_SETTINGS, ...patch }, quietJob);
    const changes = steps.equalize?.changes ?? [];
    const formulas = changes.flatMap((_, at) => studio.explain('equalize', 'lowered', at, null).formulas);
    const named = new Set<string>();
    for (const { symbols, numbers } of formulas) {
      const [, name = '', column = ''] = NAMED.exec(symbols) ?? [];
      if (name === '') continue;
      named.add(name);
      const [, high = '', low = ''] = RANGE.exec(numbers) ?? [];
      const found = [high, low].map((text) => Number(text.replaceAll('−', '-')));
      const [max, min] = columnOf(studio, state, name, Number(column));
      expect(Math.abs((found[0] ?? 0) - max), `${symbols} = ${numbers}`).toBeLessThanOrEqual(
        5e-3 * Math.abs(max),
      );
      expect(Math.abs((found[1] ?? 0) - min), `${symbols} = ${numbers}`).toBeLessThanOrEqual(
        5e-3 * Math.abs(min),
      );
    }
    expect(named.size).toBeGreaterThan(1);
  },
);
