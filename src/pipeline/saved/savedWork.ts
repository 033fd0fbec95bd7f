import type { ByteSource } from '../../formats/byteSource';
import { FormatError } from '../../formats/errors';
import type { OpenedModel } from '../../formats/openModel';
import { type RecordFiles, readRecords } from '../../formats/saved/read';
import { RecordWriter, type WrittenRecord } from '../../formats/saved/write';
import { paramName } from '../../graph/ids';
import { lint } from '../../graph/lint';
import { STEPS } from '../settings';
import type { Snapshots } from '../snapshots';
import { provenRecord } from './provenRecord';
import type { State } from './states';

/*
 * States as records (`formats/saved`). The model is not in them: it is read from its own files again, and what a state
 * holds of it is named by the tensor. Neither are image files: the project keeps them as they are.
 */

/** The files that belong to the work, by the names under which they are kept. */
export interface KeptFiles {
  nameOf(source: ByteSource): string;
  source(name: string): ByteSource | undefined;
}

const OPENED = 'model';
const PARAM = 'param ';
const PARAM_DATA = 'data ';
const FILE = 'file ';

const isSource = (value: object): value is ByteSource => 'read' in value && typeof value.read === 'function';

/** Tensors of the model by identity, and their arrays where they are in memory: others may share these. */
function namesIn(opened: OpenedModel): ReadonlyMap<object, string> {
  const names = new Map<object, string>([[opened, OPENED]]);
  for (const [name, tensor] of Object.entries(opened.model.params)) {
    names.set(tensor, PARAM + name);
    const data = Object.getOwnPropertyDescriptor(tensor, 'data')?.value;
    if (typeof data === 'object' && data !== null) names.set(data, PARAM_DATA + name);
  }
  return names;
}

/** Writes the states of one open model, each with what is new in it. */
export class StateWriter {
  private readonly writer: RecordWriter;

  /** `next` is the first number that no record of the project holds. */
  constructor(opened: OpenedModel, files: KeptFiles, next = 0) {
    const names = namesIn(opened);
    const outside = (value: object) =>
      names.get(value) ?? (isSource(value) ? FILE + files.nameOf(value) : null);
    this.writer = new RecordWriter(outside, next);
  }

  /** Objects that were read keep the numbers that they have in the records. */
  remember(value: object, id: number): void {
    this.writer.remember(value, id);
  }

  write(state: State): WrittenRecord {
    return this.writer.write(state);
  }
}

/** What stands outside of the records, by name. A FormatError where the model has no such tensor. */
function lookUp(name: string, opened: OpenedModel, files: KeptFiles): unknown {
  if (name === OPENED) return opened;
  const missing = (what: string) =>
    new FormatError(
      opened.model.name,
      `the saved results name ${what}, which is not there. Open the model anew and run the steps again.`,
    );
  if (name.startsWith(FILE)) {
    const source = files.source(name.slice(FILE.length));
    if (!source) throw missing(`the file '${name.slice(FILE.length)}'`);
    return source;
  }
  const isData = name.startsWith(PARAM_DATA);
  const param = name.slice((isData ? PARAM_DATA : PARAM).length);
  const tensor = Object.hasOwn(opened.model.params, param)
    ? opened.model.params[paramName(param)]
    : undefined;
  if (!tensor) throw missing(`the tensor '${param}'`);
  return isData ? tensor.data : tensor;
}

/** Reads states; `writer` learns which objects stand in which record. */
export async function readStates(
  records: readonly RecordFiles[],
  opened: OpenedModel,
  files: KeptFiles,
  writer: StateWriter,
): Promise<readonly State[]> {
  const roots = await readRecords(
    records,
    (name) => lookUp(name, opened, files),
    (value, id) => writer.remember(value, id),
  );
  return roots.map((root, at) => {
    const file = records[at]?.json.name ?? 'state';
    return provenRecord(file, () => checked(root, opened, file));
  });
}

/**
 * A record says nothing of types: what is drawn and run first of all is looked at here. A project file of somebody else
 * must not bring the page down.
 */
function checked(root: unknown, opened: OpenedModel, file: string): State {
  if (!isState(root) || root.work.opened !== opened)
    throw new FormatError(file, 'holds no state of the work. Open the model anew and run the steps again.');
  for (const step of STEPS) {
    const snapshot: Snapshots[typeof step] = root.work.snapshots[step];
    if (snapshot) lint(snapshot.model);
  }
  return root;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isState = (value: unknown): value is State =>
  isObject(value) &&
  'settings' in value &&
  isObject(value.settings) &&
  'work' in value &&
  isObject(value.work) &&
  'opened' in value.work &&
  'snapshots' in value.work &&
  isObject(value.work.snapshots) &&
  'load' in value.work.snapshots;
