import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** What may be shipped under our own MIT licence, as long as its text goes along. */
const ALLOWED = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);
const FILE = 'licences.txt';
const require = createRequire(import.meta.url);
const LICENCE_FILE = /^(licen[cs]e|copying|notice|third.?party)/i;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
  readonly repository?: string | { readonly url: string };
}

/** The folder of the package that a module belongs to, or null for a module of our own. */
export function packageFolder(id: string): string | null {
  const path = id.replace(/^\0/, '').replace(/[?#].*$/, '');
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;
}

/** The texts that a package asks to be passed on. */
const textsOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name) && !/\.(js|ts|json|md5)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** `(Apache-2.0 AND BSD-3-Clause)` has two; a choice (`OR`) is nobody's to make here, and is not allowed. */
const identifiersOf = (license: string): readonly string[] =>
  license.replace(/^\((.*)\)$/, '$1').split(' AND ');

/** Where a package's maker ships no text: the standard one of SPDX, and who the maker is. */
function standardTexts({ name, license = 'none', author, repository }: Manifest): readonly string[] {
  const maker = typeof author === 'string' ? author : author?.name;
  const place = typeof repository === 'string' ? repository : repository?.url;
  const holder = `Copyright (c) ${maker ?? `the authors of ${name}`}${place === undefined ? '' : `, ${place}`}`;
  const texts = identifiersOf(license).map(
    (identifier) =>
      (require(`spdx-license-list/licenses/${identifier}.json`) as { licenseText: string }).licenseText,
  );
  return [holder, ...texts.map((text) => text.trim())];
}

function entryOf(folder: string): string {
  const manifest = manifestOf(folder);
  const { name, version, license = 'none' } = manifest;
  const title = `${name} ${version}`;
  const refused = identifiersOf(license).filter((identifier) => !ALLOWED.has(identifier));
  if (refused.length > 0)
    throw new Error(
      `${title} has the licence '${license}': what is shipped may have ${[...ALLOWED].join(', ')}. Leave the package out, or decide in build/licences.ts.`,
    );
  const own = textsOf(folder);
  return [`${title} (${license})`, ...(own.length > 0 ? own : standardTexts(manifest))].join('\n\n');
}

const HEAD = `Equalization Studio is under the MIT licence. Its files hold parts of the packages below, which have licences of their own.`;

/** The whole list: a package's name, version and licence, and the text, in the order of the names. */
export function licenceList(folders: ReadonlySet<string>): string {
  const line = `\n\n${'─'.repeat(80)}\n\n`;
  const entries = [...folders].filter((folder) => existsSync(join(folder, 'package.json')));
  return `${[HEAD, ...entries.sort().map((folder) => entryOf(folder))].join(line)}\n`;
}

/**
 * Writes the licences of every package of which something is shipped, the workers' bundles included, beside the page.
 * Vite's own `build.license` sees the page's bundle alone. Give `collect` to the workers and `emit` to the page.
 */
export function licences(): { readonly collect: () => Plugin; readonly emit: Plugin } {
  const folders = new Set<string>();
  const add = (ids: Iterable<string>) => {
    for (const id of ids) {
      const folder = packageFolder(id);
      if (folder !== null) folders.add(folder);
    }
  };
  return {
    collect: () => ({
      name: 'licences-of-workers',
      apply: 'build',
      generateBundle() {
        add(this.getModuleIds());
      },
    }),
    emit: {
      name: 'licences',
      apply: 'build',
      generateBundle() {
        add(this.getModuleIds());
        this.emitFile({ type: 'asset', fileName: FILE, source: licenceList(folders) });
      },
    },
  };
}
