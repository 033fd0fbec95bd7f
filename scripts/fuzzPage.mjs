import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const count = (number) => number.toLocaleString('en-US');
const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);

function system() {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type();
  } catch {
    return type();
  }
}

export const machine = () =>
  `${cpus()[0]?.model ?? 'an unknown processor'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${system()} (${type()} ${release()}), Node ${process.versions.node}`;

export const today = () => new Date().toISOString().slice(0, 10);

/** A table that names a test which is not there would be worth nothing. Tests of a table are in a list beside them. */
function checkTest({ file, test }) {
  if (file !== 'e2e/fuzz/hostile.test.ts' && !readFileSync(join(ROOT, file), 'utf8').includes(test))
    throw new Error(`docs/fuzz.md cannot name the test '${test}': ${file} has none.`);
}

function formatRow(name, row) {
  if (!row) return `| ${name} | not yet | | | | | |`;
  const { tried, refused, opened, slowest, largest, date } = row;
  return `| ${name} | ${count(tried)} | ${count(refused)} | ${count(opened)} | ${slowest.toFixed(0)} | ${megabytes(largest)} | ${date} |`;
}

/** What the rows have in common, each once. */
const listed = (values) => [...new Set(values)].join('; ');

const shortNote = (rows) =>
  rows.some(({ tried, wanted }) => tried < wanted)
    ? `Of the ${listed(rows.map(({ wanted }) => count(wanted)))} files that were asked for, the time allowed for as many as the table says.\n\n`
    : '';

function hostileRow(row) {
  checkTest(row);
  return `| ${row.what} | ${row.outcome} | \`${row.file}\`: ${row.test.replaceAll('|', '\\|')} |`;
}

/** docs/fuzz.md. Throws when a test that it names is not there. */
export function fuzzPage(formats, rows, hostile) {
  const counted = Object.values(rows);
  return `# Hostile files

Made by \`npm run fuzz\` (two formats at a time), seed ${listed(counted.map(({ seed }) => seed))}, on: ${listed(counted.map(({ machine: of }) => of))}.

## Damaged files

Each reader is given real files with one to four changes drawn by fast-check: bytes; numbers at the ends of their types; words;
parts cut out, repeated or moved; in JSON also values removed, doubled, wrapped, renamed or copied from elsewhere. Where
a file is a container (zip, safetensors, protobuf), three damages in four hit a part inside and lengths and checksums are put right
again, so that the readers behind see them. ONNX models, pickles and \`.npy\` headers are in one case of four made up from the
format's own words.

A file is opened as the page opens it, up to the first view. It must open or be refused with an error that the page shows as one
(\`FormatError\`, \`GraphError\`, \`UnsupportedOpError\`), within 1,000 ms of CPU time and within 4 times its size plus 64 MiB of
memory. Everything else ends the run with the smallest files that show it. Memory is a bound of the largest use, garbage
included: all that was allocated while the file was opened.

${shortNote(counted)}| format | tried | refused | opened | slowest, ms | largest, MiB | run |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${formats.map((name) => formatRow(name, rows[name])).join('\n')}

\`npm test\` opens 2,000 of each with the same bounds (\`e2e/fuzz/fuzz.test.ts\`).

## Inputs made to do harm

| input | outcome | test |
| --- | --- | --- |
${hostile.map(hostileRow).join('\n')}
`;
}
