import { FormatError, type LayersPlan } from '../../../src/index';
import { z } from '../../zod';

/** Raised when what is written changes its meaning. */
export const PROJECT_VERSION = 1;
export const MANIFEST = 'project.json';
/** A list of more is no project's. */
const MAX_MANIFEST_BYTES = 2 ** 26;

/** Names that the studio gives: nothing else is read or written, whatever a file from elsewhere says. */
const fileName = z.string().regex(/^f\d+-[\w.-]{1,120}$/);
const recordName = z.string().regex(/^s\d+$/);
const steps = z.array(z.enum(['load', 'prepare', 'calibrate', 'equalize', 'convert']));
const size = z.int().nonnegative();

const layerPlan = z.custom<LayersPlan>(
  (value) => typeof value === 'object' && value !== null && 'input' in value && 'layers' in value,
);

export const manifestSchema = z.object({
  version: z.literal(PROJECT_VERSION),
  name: z.string().min(1).max(200),
  model: z.object({ name: z.string(), format: z.string() }),
  /** Milliseconds since 1970. */
  created: z.number(),
  saved: z.number(),
  /** Files that were opened, by the names under which they are kept. */
  files: z.array(z.object({ kept: fileName, name: z.string(), bytes: size, use: z.enum(['model', 'data']) })),
  /** The chain of layers that was made of a file without a graph. */
  plan: layerPlan.nullable(),
  /** States of the work, and records of earlier ones that they name: `s1.json` with `s1.safetensors`. */
  records: z.array(
    z.object({
      kept: recordName,
      bytes: size,
      first: size,
      end: size,
      uses: z.array(recordName),
      /** Of `files`, those that it names; not there in records from before it was written down. */
      files: z.array(fileName).optional(),
    }),
  ),
  /** States to come back to, by the numbers that the page knows them by. */
  states: z.array(z.object({ state: size, record: recordName })),
  now: size,
  steps,
  /** What the page looked at, and its own history. */
  page: z.string(),
});
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type FileRow = Manifest['files'][number];
export type RecordRow = Manifest['records'][number];

/** Reads the list of a project. A FormatError when it is damaged or of another version. */
export async function readManifest(file: Blob, name: string): Promise<Manifest> {
  const fail = (problem: string) => new FormatError(name, problem);
  if (file.size > MAX_MANIFEST_BYTES)
    throw fail(`${MANIFEST} has ${file.size} bytes; at most ${MAX_MANIFEST_BYTES} are read.`);
  let json: unknown;
  try {
    json = JSON.parse(await file.text());
  } catch (reason) {
    throw fail(`${MANIFEST} is not JSON (${reason instanceof Error ? reason.message : String(reason)}).`);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail(
    `${MANIFEST} is no list of a project that this studio reads (version ${PROJECT_VERSION}): ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}.`,
  );
}

export const sizeOf = ({ files, records }: Manifest): number =>
  [...files, ...records].reduce((sum, { bytes }) => sum + bytes, 0);

/** All files of a project but the list. */
export const filesOf = ({ files, records }: Manifest): readonly string[] => [
  ...files.map(({ kept }) => kept),
  ...records.flatMap(({ kept }) => [`${kept}.json`, `${kept}.safetensors`]),
];

/** The records that states need: their own, and those that these name. */
export function neededRecords(
  records: readonly RecordRow[],
  states: readonly { readonly record: string }[],
): readonly RecordRow[] {
  const needed = new Set(states.map(({ record }) => record));
  // A record names earlier ones alone: one way back finds them all.
  for (const record of records.toReversed())
    if (needed.has(record.kept)) for (const used of record.uses) needed.add(used);
  return records.filter(({ kept }) => needed.has(kept));
}

/** The files that are needed still: the model's own, and those that a record names. An old record may name any. */
export function neededFiles(files: readonly FileRow[], records: readonly RecordRow[]): readonly FileRow[] {
  if (records.some((record) => record.files === undefined)) return files;
  const named = new Set(records.flatMap((record) => record.files ?? []));
  return files.filter(({ kept, use }) => use === 'model' || named.has(kept));
}
