import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebians } from './debian.mjs';
import { outputOf } from './run.mjs';

/** The first long-term release whose WebDriver BiDi has all that the journey asks for. */
const OLDEST = 128;
const NAMES = ['firefox-esr', 'firefox'];

function candidates() {
  const { env } = process;
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const mac = ['/Applications/Firefox.app/Contents/MacOS/firefox'];
  const windows = [env.PROGRAMFILES, env['PROGRAMFILES(X86)']]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Mozilla Firefox', 'firefox.exe'));
  return [...onPath, ...({ darwin: mac, win32: windows }[process.platform] ?? [])];
}

/** True when the browser starts and is new enough. Firefox for Windows prints no version. */
function works(path) {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true;
  const version = outputOf(path, ['--version'])?.match(/Firefox (\d+)\./);
  return version != null && Number(version[1]) >= OLDEST;
}

/**
 * A Firefox for the second browser's journey: FIREFOX_PATH, else one on the machine, else Debian's package. Gives
 * `{ path }`, or `{ missing }`, which says what is wanted, where there is none and none can be had.
 */
export async function findFirefox() {
  const { FIREFOX_PATH } = process.env;
  if (FIREFOX_PATH)
    return works(FIREFOX_PATH)
      ? { path: FIREFOX_PATH }
      : { missing: `FIREFOX_PATH is '${FIREFOX_PATH}': not a Firefox of version ${OLDEST} or newer.` };
  for (const install of [null, () => installDebians('firefox-esr')]) {
    await install?.();
    const path = candidates().find(works);
    if (path) return { path };
  }
  return {
    missing: `The journey in a second browser needs Firefox ${OLDEST} or newer: install one (apt-get install firefox-esr), or set FIREFOX_PATH.`,
  };
}
