import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../../../src/exec/testDevice';
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
  project.addModelFiles([new File([new Uint8Array(await source.read(0, source.size))], source.name)]);
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
