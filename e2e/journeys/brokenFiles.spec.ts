import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';
import type { TestFile } from '../pages/studioPage';
import { ALEXA } from './alexa';

const file = (name: string, buffer: Buffer): TestFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer,
});
const alexa = () => readFileSync(ALEXA);

const BROKEN: readonly (readonly [string, () => TestFile])[] = [
  ['an ONNX file cut off in its weights', () => file('cut.onnx', alexa().subarray(0, 100_000))],
  ['an ONNX file cut off in its first bytes', () => file('stub.onnx', alexa().subarray(0, 40))],
  [
    'a text renamed to .onnx',
    () => file('notes.onnx', Buffer.from('These are notes, not a model.\n'.repeat(50))),
  ],
  ['an empty file', () => file('empty.onnx', Buffer.alloc(0))],
  ['a safetensors header longer than the file', () => file('long.safetensors', Buffer.alloc(64, 0x7f))],
];

for (const [what, make] of BROKEN) {
  test(`${what} is refused by name, and the page goes on working`, async ({ studio }) => {
    const broken = make();
    await studio.open();
    await studio.openModel(broken);
    await expect(studio.alert.first()).toContainText(typeof broken === 'string' ? broken : broken.name);
    await studio.expectStep('load', 'todo');

    await studio.openModel(ALEXA);
    await studio.expectStep('load', 'done');
    await studio.run('Prepare');
  });
}

test('a broken file leaves the model that is open as it is', async ({ studio }) => {
  await studio.open({ sample: 'linear2' });
  await studio.expectStep('load', 'done');
  await studio.run('Calibrate');
  await studio.openModel(file('empty.onnx', Buffer.alloc(0)));
  await expect(studio.alert.first()).toContainText('empty.onnx');
  await studio.expectStep('calibrate', 'done');
  await studio.run('Convert');
});

test('calibration data of the wrong shape is refused with both shapes', async ({ studio }) => {
  await studio.open();
  await studio.openModel(ALEXA);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(file('short.csv', Buffer.from('1,2,3\n4,5,6\n')));
  await expect(studio.alert.first()).toContainText('short.csv');
  await expect(studio.alert.first()).toContainText('96');
});
