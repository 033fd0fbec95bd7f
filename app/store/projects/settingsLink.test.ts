import { expect, it } from 'vitest';
import { FIRST_SETTINGS } from '../vocabulary';
import { readSettingsParam, SETTINGS_PARAM, settingsLink, settingsParam } from './settingsLink';

const changed = {
  ...FIRST_SETTINGS,
  alpha: 0.75,
  qconfigs: { byName: { 'größe.0': 'fbgemm' as const }, byType: {} },
};

it('carries what differs from the first settings, names of any letters among them', () => {
  const { alpha, qconfigs } = changed;
  expect(readSettingsParam(settingsParam(changed))).toEqual({ ok: true, settings: { alpha, qconfigs } });
  expect(readSettingsParam(settingsParam(FIRST_SETTINGS))).toEqual({ ok: true, settings: {} });
});

it('stays in the address beside the sample, and in letters that addresses take', () => {
  const link = new URL(settingsLink('http://localhost/?sample=digits#main', changed));
  expect([link.searchParams.get('sample'), link.hash]).toEqual(['digits', '']);
  expect(link.searchParams.get(SETTINGS_PARAM)).toMatch(/^[\w-]+$/);
});

it('says that a link is cut short', () => {
  const param = settingsParam(changed);
  expect(readSettingsParam(param.slice(0, -5))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('cut short'),
  });
});

it.each([
  [{ method: 'magic' }, 'method'],
  [{ alpha: 7 }, 'alpha'],
  [{ surprise: 1 }, 'surprise'],
  [[], 'object'],
])('names what it does not know: %j', (settings, named) => {
  const link = readSettingsParam(Buffer.from(JSON.stringify(settings)).toString('base64url'));
  expect(link).toMatchObject({ ok: false, problem: expect.stringContaining(named) });
});
