import type { Settings } from '../../../src/index';
import { settingsSchema } from '../../settingsSchema';
import { FIRST_SETTINGS } from '../vocabulary';

/*
 * Settings in an address: JSON in base64url, of what differs from the settings that the studio begins with. Nothing of
 * the model is in it but the names of layers and types that the settings name.
 */

export const SETTINGS_PARAM = 'settings';

const toBase64Url = (text: string): string => {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const fromBase64Url = (text: string): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0)),
  );

/** The settings as the value of `?settings=`. */
export function settingsParam(settings: Settings): string {
  const first = new Map<string, unknown>(Object.entries(FIRST_SETTINGS));
  const changed = Object.entries(settings).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(first.get(key)),
  );
  return toBase64Url(JSON.stringify(Object.fromEntries(changed)));
}

/** The address of the page with these settings; a sample stays in it. */
export function settingsLink(address: string, settings: Settings): string {
  const link = new URL(address);
  link.hash = '';
  link.searchParams.set(SETTINGS_PARAM, settingsParam(settings));
  return link.href;
}

export type LinkedSettings =
  | { readonly ok: true; readonly settings: Partial<Settings> }
  | { readonly ok: false; readonly problem: string };

/** What a link sets; a value that is not known is named, and then nothing of the link is taken. */
export function readSettingsParam(param: string): LinkedSettings {
  let json: unknown;
  try {
    json = JSON.parse(fromBase64Url(param));
  } catch {
    return { ok: false, problem: 'it is cut short or was changed on its way. Ask for the link again.' };
  }
  const parsed = settingsSchema.partial().safeParse(json);
  if (parsed.success) {
    const known = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    return { ok: true, settings: Object.fromEntries(known) };
  }
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  return { ok: false, problem: `${problems.join('; ')}. Nothing of the link was taken over.` };
}
