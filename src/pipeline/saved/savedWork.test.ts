import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { type ByteSource, bytesSource, joinedParts } from '../../formats/byteSource';
import { FormatError } from '../../formats/errors';
import { openModel } from '../../formats/openModel';
import type { RecordFiles } from '../../formats/saved/read';
import type { WrittenRecord } from '../../formats/saved/write';
import { DEFAULT_SETTINGS, type Settings, STEPS } from '../settings';
import { Studio } from '../studio';
import { quietJob } from '../testRun';
import { BACKEND, sampleFile } from '../testStudio';
import { type KeptFiles, readStates, StateWriter } from './savedWork';
import type { State } from './states';

const NO_FILES: KeptFiles = {
  nameOf: ({ name }) => {
    throw new Error(`there is no file ${name} in these tests`);
  },
  source: () => undefined,
};

const SAMPLES = {
  digits: { model: 'digits/model.safetensors', data: ['digits/calibration.npz', 'digits/evaluation.npz'] },
  linear2: { model: 'linear2/model.safetensors', data: ['linear2/calibration.npy'] },
  transformer: {
    model: 'transformer/model.safetensors',
    data: ['transformer/calibration.npz', 'transformer/evaluation.npz'],
  },
} as const;
type SampleName = keyof typeof SAMPLES;

/** All states of a run from file to Convert, one a step. */
async function ran(sample: SampleName, settings: Settings) {
  const { model, data } = SAMPLES[sample];
  const studio = new Studio(BACKEND);
  let view = await studio.openModel([sampleFile(model)]);
  for (const file of data) view = await studio.openData([sampleFile(file)]);
  const numbers = [view.state];
  for (const step of STEPS.slice(1)) numbers.push((await studio.run(step, settings, quietJob)).state);
  return { studio, states: numbers.map((number) => stateOf(studio, number)) };
}

function stateOf(studio: Studio, number: number): State {
  const state = studio.state(number);
  if (!state) throw new Error(`state ${number} was not kept`);
  return state;
}

async function filesOf(record: WrittenRecord, at: number): Promise<RecordFiles> {
  const numbers = await joinedParts([...record.numbers]);
  const json: ByteSource = bytesSource(new TextEncoder().encode(record.json), `${at}.json`);
  return { json, numbers: bytesSource(numbers, `${at}.safetensors`) };
}

async function written(states: readonly State[]) {
  const [first] = states;
  if (!first) throw new Error('there are no states');
  const writer = new StateWriter(first.work.opened, NO_FILES);
  const records = states.map((state) => writer.write(state));
  return { records, files: await Promise.all(records.map(filesOf)) };
}

/** As a reload does it: the model from its file again, the states from theirs. */
async function reloaded(sample: SampleName, files: readonly RecordFiles[]) {
  const opened = await openModel([sampleFile(SAMPLES[sample].model)]);
  const states = await readStates(files, opened, NO_FILES, new StateWriter(opened, NO_FILES, 0));
  const studio = new Studio(BACKEND);
  studio.restore(new Map(states.map((state, at) => [at + 1, state])), states.length);
  return { studio, states };
}

const exportsOf = (studio: Studio) =>
  Promise.all(
    (['safetensors', 'pt', 'onnx', 'quantized', 'text', 'report'] as const).map(async (kind) =>
      joinedParts((await studio.exportFile(kind, 'convert')).parts),
    ),
  );

const withoutNumber = ({ state: _, ...view }: ReturnType<Studio['view']>) => view;

beforeAll(() => openTestDevice('cpu'));

const CASES: readonly (readonly [string, SampleName, Partial<Settings>])[] = [
  ['digits', 'digits', {}],
  ['digits with histograms, as PyTorch', 'digits', { semantics: 'pytorch', qconfig: 'fbgemm' }],
  ['linear2 by search', 'linear2', { method: 'auto' }],
  ['linear2 across layers', 'linear2', { method: 'cross-layer', absorbBias: true, qconfig: 'per-channel' }],
  ['the transformer', 'transformer', { method: 'smoothquant' }],
];

describe.each(CASES)('%s', (_, sample, patch) => {
  it('comes back from its records with the same states, views and exported bytes', async () => {
    const { studio, states } = await ran(sample, { ...DEFAULT_SETTINGS, ...patch });
    const { records, files } = await written(states);
    const back = await reloaded(sample, files);
    expect(back.states).toEqual(states);
    expect(withoutNumber(back.studio.view())).toEqual(withoutNumber(studio.view()));
    expect(await exportsOf(back.studio)).toEqual(await exportsOf(studio));
    // What a step shares with the one before is not written twice.
    const again = await written(states.slice(-1));
    expect(records.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(
      1.1 * (again.records[0]?.bytes ?? 0),
    );
  });
});

it('a state that was read is written again as a name for what stands there', async () => {
  const { states } = await ran('linear2', DEFAULT_SETTINGS);
  const { files, records } = await written(states);
  const opened = await openModel([sampleFile(SAMPLES.linear2.model)]);
  const writer = new StateWriter(opened, NO_FILES, records.at(-1)?.end ?? 0);
  const read = await readStates(files, opened, NO_FILES, writer);
  const last = read.at(-1);
  if (!last) throw new Error('nothing was read');
  const next = writer.write({ ...last, settings: { ...last.settings, alpha: 0.25 } });
  expect(next.bytes).toBeLessThan(2000);
  const more = await filesOf(next, files.length);
  const all = await readStates([...files, more], opened, NO_FILES, new StateWriter(opened, NO_FILES, 0));
  expect(all.at(-1)).toEqual({ ...last, settings: { ...last.settings, alpha: 0.25 } });
  expect(all.at(-1)?.work.snapshots.convert).toBe(all.at(-2)?.work.snapshots.convert);
});

describe('a record whose values are not what the studio puts there', () => {
  const put = (json: string, from: RegExp, to: string) => {
    const changed = json.replace(from, to);
    expect(changed).not.toBe(json);
    return changed;
  };
  it.each<readonly [string, RegExp, string]>([
    ['a node without arguments', /\["args",/, '["arguments",'],
    ['a range that is text', /\["min",[^\]]+\]/, '["min","low"]'],
    ['changes that are a number', /\["changes",\{"ref":\d+\}\]/, '["changes",7]'],
    ['data without arrays', /\["arrays",/, '["arrows",'],
    ['no shapes', /\["inputShapes",/, '["inputshapes",'],
  ])('is refused, not drawn: %s', async (_, from, to) => {
    const { states } = await ran('linear2', DEFAULT_SETTINGS);
    const { records } = await written(states.slice(-1));
    const [record] = records;
    if (!record) throw new Error('nothing was written');
    const files = await filesOf({ ...record, json: put(record.json, from, to) }, 0);
    await expect(reloaded('linear2', [files])).rejects.toThrow(FormatError);
  });
});
