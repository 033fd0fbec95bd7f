// One format of `npm run fuzz`, in a process of its own that may be ended: node child.mjs BUNDLE FORMAT FOLDER OPTIONS. It
// prints a line of JSON now and then, and keeps the files that it is about to open in the folder.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [bundle, name, folder, options] = process.argv.slice(2);
const LINE_MS = 2000;
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Files under names that a disk takes, whatever they are called. */
function keep(files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [i, file] of files.entries())
    writeFileSync(join(folder, `${i}-${file.name.replaceAll(/[^\w.-]/g, '_') || 'file'}`), file.bytes);
}

const { fuzzFormat } = await import(pathToFileURL(bundle).href);
let last = Date.now();
const { counts, fault } = await fuzzFormat(name, {
  ...JSON.parse(options),
  onAttempt: keep,
  onCounts: (counts) => {
    if (Date.now() - last < LINE_MS) return;
    last = Date.now();
    say({ counts });
  },
});
if (fault) {
  keep(fault.files);
  const { error, seed, path } = fault;
  say({ counts, fault: { message: error?.cause?.stack ?? error?.stack ?? String(error), seed, path } });
} else say({ counts, isDone: true });
process.exit(0);
