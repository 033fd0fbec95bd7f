import { memoryFolder } from '../../app/engine/projects/memoryFolder';
import { Project } from '../../app/engine/projects/project';
import { packFolder, unpackInto } from '../../app/engine/projects/projectFile';
import { readPage } from '../../app/store/projects/readPage';
import { openTestDevice } from '../../src/exec/testDevice';
import { blobSource, bytesSource, joinedParts } from '../../src/formats/byteSource';
import { FormatError } from '../../src/formats/errors';
import { openModel } from '../../src/formats/openModel';
import { type KeptFiles, readStates, StateWriter } from '../../src/pipeline/saved/savedWork';
import type { State } from '../../src/pipeline/saved/states';
import { DEFAULT_SETTINGS, STEPS } from '../../src/pipeline/settings';
import { Studio } from '../../src/pipeline/studio';
import { quietJob } from '../../src/pipeline/testRun';
import { BACKEND, sampleFile } from '../../src/pipeline/testStudio';
import type { FuzzFile, FuzzFormat, Seed } from './fuzzFormat';
import { file } from './seedFiles';

const MODEL = 'linear2/model.safetensors';
const NO_FILES: KeptFiles = {
  nameOf: ({ name }) => {
    throw new Error(`the sample's states name no file, and ${name} is one`);
  },
  source: () => undefined,
};

/** The sample after Convert. How long its steps took is made the same in every run, so that damage comes again. */
async function converted(): Promise<{ readonly state: State; readonly number: number }> {
  await openTestDevice('cpu');
  const studio = new Studio(BACKEND);
  await studio.openModel([sampleFile(MODEL)]);
  await studio.openData([sampleFile('linear2/calibration.npy')]);
  const { state: number } = await studio.run('convert', DEFAULT_SETTINGS, quietJob);
  const state = studio.state(number);
  if (!state) throw new Error(`state ${number} was not kept`);
  return { state, number };
}

const withoutTimes = (json: string): string =>
  json.replaceAll(/\["(ms|\w*[mM]illiseconds)",[\d.e-]+\]/g, '["$1",1]');

/** What a project keeps of a run: the state as JSON, and its numbers beside it. */
async function stateSeeds(): Promise<readonly Seed[]> {
  const { state } = await converted();
  const { json, numbers } = new StateWriter(state.work.opened, NO_FILES).write(state);
  const text: FuzzFile = { name: 'state.json', bytes: new TextEncoder().encode(withoutTimes(json)) };
  const arrays: FuzzFile = { name: 'state.safetensors', bytes: await joinedParts([...numbers]) };
  return [
    [text, arrays],
    [text, arrays],
    [arrays, text],
  ];
}

/** As opening a project does it: the state is read, and the page is drawn from it. */
async function openState(files: readonly FuzzFile[]): Promise<unknown> {
  const source = (end: string) => {
    const found = files.find(({ name }) => name.endsWith(end));
    return bytesSource(found?.bytes ?? new Uint8Array(), `state${end}`);
  };
  const opened = await openModel([sampleFile(MODEL)]);
  const record = { json: source('.json'), numbers: source('.safetensors') };
  const states = await readStates([record], opened, NO_FILES, new StateWriter(opened, NO_FILES, 0));
  const studio = new Studio(BACKEND);
  return studio.restore(new Map(states.map((state, at) => [at + 1, state])), states.length);
}

/** A project file of that run. */
async function projectSeeds(): Promise<readonly Seed[]> {
  const { state, number } = await converted();
  const folder = memoryFolder();
  const project = new Project('', 'sample', folder, state.work.opened, null);
  const { name, bytes } = file(`public/samples/${MODEL}`);
  project.files.addModelFiles([blobSource(new Blob([new Uint8Array(bytes)]), name)]);
  await project.save({ page: '{}', states: new Map([[number, state]]), now: number, steps: STEPS });
  const { parts } = await packFolder(folder);
  return [[{ name: 'sample.eqstudio', bytes: await joinedParts([...parts]) }]];
}

/** As the engine and the page do it where the browser keeps no files. */
async function openProject([first]: readonly FuzzFile[]): Promise<unknown> {
  if (!first) throw new Error('a project is one file');
  const folder = memoryFolder();
  const picked = new File([new Uint8Array(first.bytes)], first.name);
  const manifest = await unpackInto(folder, picked, async (name) => name);
  const { states } = await Project.open('', folder, manifest);
  const state = states.get(manifest.now);
  if (!state) throw new FormatError(manifest.name, `lacks the state ${manifest.now}, its newest.`);
  const view = new Studio(BACKEND).restore(states, manifest.now);
  return readPage({ view, settings: state.settings, page: manifest.page });
}

export const PROJECT_FORMATS: readonly FuzzFormat[] = [
  { name: 'Saved state (.json)', seeds: stateSeeds, open: openState },
  { name: 'Project file (.eqstudio)', container: 'zip', seeds: projectSeeds, open: openProject },
];
