import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../../../src/exec/testDevice';
import { blobSource } from '../../../src/formats/byteSource';
import { Studio } from '../../../src/pipeline/studio';
import { BACKEND, sampleFile } from '../../../src/pipeline/testStudio';
import { readManifest } from './manifest';
import { memoryFolder } from './memoryFolder';
import { Project } from './project';

const MODEL = 'linear2/model.safetensors';

/** A project of the sample, right after it was opened. */
async function saved() {
  const studio = new Studio(BACKEND);
  const { state: number } = await studio.openModel([sampleFile(MODEL)]);
  const state = studio.state(number);
  if (!state) throw new Error('the state was not kept');
  const folder = memoryFolder();
  const project = new Project('', 'sample', folder, state.work.opened, null);
  const source = sampleFile(MODEL);
  const bytes = new Uint8Array(await source.read(0, source.size));
  project.files.addModelFiles([blobSource(new Blob([bytes]), source.name)]);
  const states = new Map([[number, state]]);
  await project.save({ page: '{}', states, now: number, steps: ['load'] });
  return folder;
}

beforeAll(() => openTestDevice('cpu'));

it('a project whose settings are none of the studio’s is refused with the setting', async () => {
  const folder = await saved();
  const manifest = await readManifest(await folder.read('project.json'), 'sample');
  await expect(Project.open('', folder, manifest)).resolves.toBeDefined();
  const json = await (await folder.read('s0.json')).text();
  await folder.write('s0.json', [json.replace('["semantics","exact"]', '["semantics","<b>"]')]);
  await expect(Project.open('', folder, manifest)).rejects.toThrow(
    /^sample: its settings are damaged \(semantics/,
  );
});

it('a file of the user’s disk that went before it was copied is named, with what to do', async () => {
  const studio = new Studio(BACKEND);
  const { state: number } = await studio.openModel([sampleFile(MODEL)]);
  const state = studio.state(number);
  if (!state) throw new Error('the state was not kept');
  const gone = () => Promise.reject(new DOMException('The file is gone.', 'NotReadableError'));
  const file = new File([new Uint8Array(8)], 'net.onnx');
  file.slice = () => Object.assign(new Blob(), { arrayBuffer: gone });
  const folder = memoryFolder();
  const write = async (name: string, parts: Parameters<typeof folder.write>[1]) =>
    name.startsWith('f0') ? gone() : folder.write(name, parts);
  const project = new Project('', 'sample', { ...folder, write }, state.work.opened, null);
  project.files.addModelFiles([blobSource(file, file.name)]);
  const saving = { page: '{}', states: new Map([[number, state]]), now: number, steps: ['load'] as const };
  await expect(project.save(saving)).rejects.toThrow(
    /^net\.onnx was changed, moved or deleted on the disk .* Open it again .* nothing that has to read this file again can be run or exported\.$/,
  );
});
