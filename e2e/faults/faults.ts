/** A fault that a browser, a GPU or a file can bring about, what the studio does, and the test that makes it happen. */
export interface Fault {
  readonly fault: string;
  readonly outcome: string;
  readonly file: string;
  /** As it stands in the test file. */
  readonly title: string;
}

const GPU = 'src/webgpu/gpuLoss.test.ts';
const GPU_MEMORY = 'src/webgpu/gpuMemory.test.ts';
const PARTS = 'src/webgpu/bindableParts.test.ts';
const DATA = 'src/pipeline/faultyData.test.ts';
const FILES_JOURNEY = 'e2e/journeys/faultsFiles.spec.ts';
const GPU_JOURNEY = 'e2e/journeys/faultsGpu.spec.ts';

export const FAULTS: readonly Fault[] = [
  {
    fault: 'The GPU device is lost under calibration',
    outcome: 'The step begins again on a new device and ends with the same statistics; an alert says so.',
    file: GPU_JOURNEY,
    title: 'a device lost under calibration: a new one takes its place, with the same statistics',
  },
  {
    fault: 'The GPU process is killed',
    outcome: 'The same; when the browser gives no GPU any more, on WASM, and the badge says so.',
    file: GPU_JOURNEY,
    title: 'a killed GPU process: the work goes on on a new device, and on WASM when there is none any more',
  },
  {
    fault: 'The GPU device is lost at any point of calibration',
    outcome: 'The same statistics, and no tensor stays.',
    file: GPU,
    title: 'under calibration: it begins again on a new one, with the same statistics, wherever it was',
  },
  {
    fault: 'It is lost under Equalize and under the counting of values',
    outcome: 'The same results.',
    file: GPU,
    title: 'under Equalize, whose check compares two models, and under the counting of values',
  },
  {
    fault: 'It is lost between two steps',
    outcome: 'The next step opens a new device and runs; an alert says that nothing ran when it was lost.',
    file: GPU,
    title: 'between two steps: the next just works',
  },
  {
    fault: 'It is lost while nothing runs',
    outcome: 'The badge says so at once; the next step opens a new device.',
    file: GPU_JOURNEY,
    title: 'a device lost while nothing runs: the badge says so at once, and the next step opens another',
  },
  {
    fault: 'It is lost three times under one step',
    outcome: 'The step ends on WASM.',
    file: GPU,
    title: 'three times under one step: it ends on WASM, with the same statistics, and says so',
  },
  {
    fault: 'The browser never answers a read of a lost device',
    outcome: 'The read ends with the loss.',
    file: GPU,
    title: 'ends a read that the browser never answers',
  },
  {
    fault: 'The GPU has no memory for a buffer (GPUOutOfMemoryError)',
    outcome:
      'Where earlier steps left nothing on it: the step is done on WASM, with its numbers; an alert says so.',
    file: GPU_JOURNEY,
    title: 'out of GPU memory under calibration: it is done on WASM, and the page says so',
  },
  {
    fault: 'The same, with weights on the GPU that earlier steps left and this one does not use',
    outcome: 'They are freed, and the step begins again on a new device of the GPU; an alert says so.',
    file: GPU_MEMORY,
    title: 'holding constants that the work does not use: they go, and a new device of it does the work',
  },
  {
    fault: 'The new device has no memory for it either, or there is none',
    outcome: 'The step is done on WASM; an alert says so.',
    file: GPU_MEMORY,
    title: 'on the new device too: WASM does the work, and both are told',
  },
  {
    fault: 'Memory runs out on WASM, with weights there that earlier steps left and this one does not use',
    outcome: 'They are freed, and the step begins again, once; an alert says so.',
    file: 'src/exec/steadyMemory.test.ts',
    title: '%s: what earlier work left goes, and the work is done, which is told',
  },
  {
    fault: 'A buffer is larger than the limits of the GPU allow',
    outcome: 'The step is done on WASM, with its numbers; an alert says so.',
    file: GPU_JOURNEY,
    title: 'a buffer past the limits of the GPU: the same',
  },
  {
    fault: 'A tensor is larger than one binding of the GPU',
    outcome: 'Our kernels take it in parts.',
    file: PARTS,
    title: 'on a device that itself binds no more than 128 MiB, 140 MiB are seen to the last value',
  },
  {
    fault: 'There is no GPU',
    outcome: 'WASM, and the badge says so.',
    file: 'src/exec/device.test.ts',
    title: 'takes WASM where there is no GPU, and says so',
  },
  {
    fault: 'The worker is killed',
    outcome: 'A new one reads what was saved.',
    file: 'e2e/journeys/keeping.spec.ts',
    title: 'a worker that ends in the middle of calibration is started again with the work',
  },
  {
    fault: 'The tab is closed while it saves',
    outcome: 'The last whole save is there.',
    file: 'e2e/journeys/keepingStorage.spec.ts',
    title: 'a tab that is closed in the middle of a save leaves the last whole one',
  },
  {
    fault: 'The storage quota is exceeded',
    outcome: 'The page says so and saves to a file.',
    file: 'e2e/journeys/keepingStorage.spec.ts',
    title: 'without room the page says so; a file can be saved, and with room again all is kept',
  },
  {
    fault: 'Two tabs have one project open',
    outcome: 'The second works on a copy.',
    file: 'e2e/journeys/keepingStorage.spec.ts',
    title: 'two tabs on one project: the second has a copy, and both keep what is done in them',
  },
  {
    fault: 'A model and a data file change or go on disk after they were opened',
    outcome: 'Up to 16 MiB together they are in memory by then: every step runs, and the project is saved.',
    file: FILES_JOURNEY,
    title:
      'a model and a data file that go after they were opened: what was read of them is enough for every step',
  },
  {
    fault: 'A larger file changes or goes after the project has its copy',
    outcome: 'The copy stands in for it: every step runs, weights are exported, and the project is saved.',
    file: FILES_JOURNEY,
    title: 'a file of weights that goes after the project has its copy: steps and exports read the copy',
  },
  {
    fault: 'A larger file goes before the browser has a copy of it for the project',
    outcome:
      'An alert names the file that cannot be kept, and what to do; the page stays. Steps and exports that have to read the file again say which it is.',
    file: 'app/engine/projects/project.test.ts',
    title: 'a file of the user’s disk that went before it was copied is named, with what to do',
  },
  {
    fault: 'A file of weights, which are read when they are needed, is cut short, and there is no copy',
    outcome: 'The step is refused with the file’s name and what to do; with the file given again it runs.',
    file: FILES_JOURNEY,
    title:
      'a file of weights that is cut short before they are read or copied: the step says which and what to do, and runs with the file given again',
  },
  {
    fault: 'Calibration data has NaN or infinities',
    outcome: 'Told of where it is opened; left out of the ranges, counted.',
    file: DATA,
    title: '%s are told of where the data is opened, and no range has them',
  },
  {
    fault: 'Calibration data is all NaN',
    outcome: 'Told of where it is opened; no internal error.',
    file: DATA,
    title: 'all NaN: told of, and refused or passed over, never an internal error',
  },
  {
    fault: 'Calibration data is all zero',
    outcome: 'Told of where it is opened; scales stay 1.',
    file: DATA,
    title: 'all zero: told of where the data is opened; scales stay 1',
  },
  {
    fault: 'Calibration data is one sample',
    outcome: 'Every step runs.',
    file: DATA,
    title: 'one sample is enough, for every step',
  },
  {
    fault: 'Calibration data is an empty file',
    outcome: 'Refused by name; what was open stays.',
    file: DATA,
    title: 'an empty file is refused by name, and what was open stays',
  },
  {
    fault: 'A cancel at every point of every step and job',
    outcome: 'All is as before, no tensor stays, and the step then runs to the same result.',
    file: 'src/pipeline/cancelEverywhere.test.ts',
    title: '%s, cancelled at every point',
  },
  {
    fault: '200 steps back and forth',
    outcome: 'No tensor and no byte more on the device.',
    file: 'src/pipeline/growth.test.ts',
    title: '200 steps back and forth leave no tensor and no byte on the device',
  },
  {
    fault: '200 steps back and forth in the page',
    outcome: 'No buffer of the GPU more; the heaps of page and worker grow by what the history keeps.',
    file: 'e2e/journeys/growth.spec.ts',
    title: '200 steps back and forth: neither the heaps nor the buffers of the GPU grow with them',
  },
];

/** Faults that have no test yet. */
export const MISSING: readonly string[] = [
  'Firefox now and then does not start the threads of WASM, mostly after a reload: where WASM was chosen by hand the page stays at “starting…” for 20 s, otherwise the first step waits as long; then it goes on without threads. The journeys in Firefox run again when that happens, and the log names them.',
];

/** docs/faults.md. */
export const faultsDocument = (): string =>
  [
    '# Faults',
    '',
    'Written by `e2e/faults/faults.ts`; a test holds it to that table, and the table to the tests (`FAULTS=write` writes it anew).',
    '',
    '| fault | what the studio does | test |',
    '| --- | --- | --- |',
    ...FAULTS.map(({ fault, outcome, file, title }) => `| ${fault} | ${outcome} | ${title}<br>\`${file}\` |`),
    '',
    '## Without a test, or not mended',
    '',
    ...MISSING.map((text) => `- ${text}`),
    '',
  ].join('\n');
