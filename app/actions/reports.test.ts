import { beforeEach, expect, it, vi } from 'vitest';
import { FakeEngine } from '../store/fakeEngine';
import { failed } from '../store/fakes/outcomes';
import { fakeSamples } from '../store/fakes/samples';
import type { StudioStore } from '../store/studio';
import { createStudioStore } from '../store/studioStore';
import { saveReport } from './reports';

const download = vi.hoisted(() => vi.fn());
vi.mock('../panels/download', () => ({ download }));

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);

beforeEach(async () => {
  download.mockReset();
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
});

it('a report that cannot be written is an alert', async () => {
  store.setState({ layerDetails: () => Promise.reject(new Error('could not be cloned')) });
  await saveReport(state(), 'html');
  expect(alerts()).toEqual(['Report: No report was written: could not be cloned']);
});

it('a report is of one moment: none is written of results that went on meanwhile', async () => {
  engine.inspect = async () => {
    await state().changeSettings({ alpha: 0.75 });
    return failed('internal', 'nothing is known');
  };
  expect(await state().layerDetails(['fc'])).toBeNull();
  store.setState({ layerDetails: async () => null });
  await saveReport(state(), 'html');
  expect(download).not.toHaveBeenCalled();
  expect(alerts()).toEqual([expect.stringContaining('the results changed meanwhile')]);
});

it('otherwise it is downloaded', async () => {
  await saveReport(state(), 'html');
  expect([download.mock.calls.length, alerts()]).toEqual([1, []]);
});
