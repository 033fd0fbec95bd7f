import { describe, expect, it } from 'vitest';
import { filesOf, type Manifest, neededFiles, neededRecords, readManifest, sizeOf } from './manifest';
import { memoryFolder } from './memoryFolder';
import { packFolder, unpackInto } from './projectFile';

const record = (kept: string, uses: readonly string[] = []) => ({
  kept,
  bytes: 10,
  first: 0,
  end: 1,
  uses: [...uses],
});

const MANIFEST: Manifest = {
  version: 1,
  name: 'net',
  model: { name: 'net', format: 'onnx' },
  created: 1,
  saved: 2,
  files: [{ kept: 'f0-net.onnx', name: 'net.onnx', bytes: 5, use: 'model' }],
  plan: null,
  records: [record('s0'), record('s5', ['s0'])],
  states: [{ state: 3, record: 's5' }],
  now: 3,
  steps: ['load'],
  page: '{}',
};
const blob = (value: unknown) => new Blob([typeof value === 'string' ? value : JSON.stringify(value)]);

describe('the list of a project', () => {
  it('comes back as it was written', async () => {
    expect(await readManifest(blob(MANIFEST), 'net')).toEqual(MANIFEST);
  });

  it.each<readonly [string, unknown, string]>([
    ['no JSON', '{"version": 1,', 'is not JSON'],
    ['another version', { ...MANIFEST, version: 2 }, 'version'],
    [
      'a file outside of the folder',
      { ...MANIFEST, files: [{ ...MANIFEST.files[0], kept: '../f0-x' }] },
      'files.0.kept',
    ],
    ['a size that cannot be', { ...MANIFEST, records: [{ ...record('s0'), bytes: -1 }] }, 'records.0.bytes'],
  ])('is refused with the place at fault: %s', async (_, value, problem) => {
    await expect(readManifest(blob(value), 'net')).rejects.toThrow(problem);
  });

  it('names all files and their size', () => {
    expect(filesOf(MANIFEST)).toEqual([
      'f0-net.onnx',
      's0.json',
      's0.safetensors',
      's5.json',
      's5.safetensors',
    ]);
    expect(sizeOf(MANIFEST)).toBe(25);
  });
});

it('keeps the records of states with those that they name, however far back', () => {
  const records = [record('s0'), record('s1', ['s0']), record('s2'), record('s3', ['s1'])];
  expect(neededRecords(records, [{ record: 's3' }]).map(({ kept }) => kept)).toEqual(['s0', 's1', 's3']);
  expect(neededRecords(records, [])).toEqual([]);
});

it('keeps the model’s files and those of the records that are kept; where an old record does not say, all', () => {
  const file = (kept: string, use: 'model' | 'data') => ({ kept, name: kept, bytes: 1, use });
  const files = [file('f0-net.onnx', 'model'), file('f1-old.png', 'data'), file('f2-new.png', 'data')];
  const records = [
    { ...record('s0'), files: [] },
    { ...record('s5', ['s0']), files: ['f2-new.png'] },
  ];
  expect(neededFiles(files, records).map(({ kept }) => kept)).toEqual(['f0-net.onnx', 'f2-new.png']);
  expect(neededFiles(files, [...records, record('s9')])).toEqual(files);
});

describe('a project file', () => {
  const packed = async () => {
    const folder = memoryFolder();
    for (const name of filesOf(MANIFEST)) await folder.write(name, [`content of ${name}`]);
    await folder.write('project.json', [JSON.stringify(MANIFEST)]);
    const { name, parts } = await packFolder(folder);
    return new File([...parts], name);
  };

  it('holds the folder, and a folder is made of it again', async () => {
    const folder = memoryFolder();
    const manifest = await unpackInto(folder, await packed(), async (name) => `${name} 2`);
    expect(manifest).toEqual({ ...MANIFEST, name: 'net 2' });
    expect((await folder.names()).toSorted()).toEqual([...filesOf(MANIFEST), 'project.json'].toSorted());
    expect(await (await folder.read('s5.json')).text()).toBe('content of s5.json');
  });

  it('that is cut short is refused', async () => {
    const file = await packed();
    const half = new File([file.slice(0, file.size / 2)], file.name);
    await expect(unpackInto(memoryFolder(), half, async (name) => name)).rejects.toThrow('net.eqstudio');
  });
});
