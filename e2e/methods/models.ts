import { readFileSync } from 'node:fs';
import type { Batch } from '../../src/exec/batches';
import { bytesSource } from '../../src/formats/byteSource';
import { openDataset } from '../../src/formats/openDataset';
import { openModel } from '../../src/formats/openModel';
import { nodeName } from '../../src/graph/ids';
import type { Model } from '../../src/graph/model';
import type { Tensor } from '../../src/graph/tensor';
import { batchesOf } from '../../src/pipeline/data/batching';
import { bindData, withDataShapes } from '../../src/pipeline/data/data';
import { type Golden, goldenIndex, readGolden, readGoldenModel } from '../../src/pipeline/goldens/testGolden';
import { model as trapModel } from '../../src/pipeline/testExact';
import { testBatch } from '../../src/pipeline/testRun';
import { TRAPS } from '../../src/pipeline/testTraps';

/** A model with its data: what a row of the table is measured on. */
export interface Subject {
  readonly name: string;
  readonly group: 'golden' | 'trap' | 'sample';
  readonly model: Model;
  readonly calibration: readonly Batch[];
  /** Data that nothing was calibrated on; null where there is none. */
  readonly unseen: readonly Batch[] | null;
  /** Labelled data, of samples. */
  readonly evaluation: readonly Batch[] | null;
  /** What PyTorch 1.13.1 computed; null for other models. */
  readonly golden: Golden | null;
}

const batchOf = (inputs: Readonly<Record<string, Tensor>>): Batch => ({
  inputs: Object.fromEntries(Object.entries(inputs).map(([name, x]) => [nodeName(name), x])),
  samples: Object.values(inputs)[0]?.shape[0] ?? 0,
  labels: null,
});

/** Shapes as the studio takes them from the data. */
function withShapes(model: Model, [first]: readonly Batch[]): Model {
  const shapes = Object.entries(first?.inputs ?? {}).map(([name, { shape }]) => [
    name,
    ['n', ...shape.slice(1)],
  ]);
  return { ...model, inputShapes: { ...Object.fromEntries(shapes), ...model.inputShapes } };
}

async function golden(name: string): Promise<Subject> {
  const read = readGolden(name);
  const calibration = read.calibration.map(batchOf);
  const model = withShapes(await readGoldenModel(name), calibration);
  const unseen = [batchOf(read.test)];
  return { name, group: 'golden', model, calibration, unseen, evaluation: null, golden: read };
}

function trap(name: string, graph: (typeof TRAPS)[string]['graph']): Subject {
  const calibration = [testBatch(32, [6]), testBatch(7, [6], 'x', 2)];
  const model = withShapes(trapModel(graph), calibration);
  const unseen = [testBatch(64, [6], 'x', 3)];
  return { name, group: 'trap', model, calibration, unseen, evaluation: null, golden: null };
}

const SAMPLES = new URL('../../public/samples/', import.meta.url);

async function sample(id: string, calibrationFile: string, evaluationFile: string): Promise<Subject> {
  const source = (file: string) =>
    bytesSource(new Uint8Array(readFileSync(new URL(`${id}/${file}`, SAMPLES))), file);
  const opened = await openModel([source('model.safetensors')]);
  const data = bindData(await openDataset([source(calibrationFile)]), opened.model, {});
  const labelled = bindData(await openDataset([source(evaluationFile)]), opened.model, {});
  const model = withDataShapes(opened.model, data);
  const evaluation = batchesOf(model, labelled);
  const calibration = batchesOf(model, data);
  return { name: id, group: 'sample', model, calibration, unseen: evaluation, evaluation, golden: null };
}

/** All models of the tests: goldens, traps, samples with labels. */
export async function* subjects(samples: readonly string[]): AsyncGenerator<Subject> {
  for (const name of goldenIndex().keys()) yield await golden(name);
  for (const [name, { graph }] of Object.entries(TRAPS)) yield trap(name, graph);
  for (const id of samples) yield await sample(id, 'calibration.npz', 'evaluation.npz');
}
