import { expect, test } from '../fixtures';

/** A layers model as tensorflowjs_converter writes it: Conv2D(1 → 2, 2 × 2) and Dense(2), NHWC. */
function convModel() {
  const layer = (class_name: string, config: object) => ({ class_name, config });
  const topology = layer('Sequential', {
    name: 'small',
    layers: [
      layer('Conv2D', {
        name: 'conv',
        filters: 2,
        kernel_size: [2, 2],
        strides: [1, 1],
        padding: 'valid',
        data_format: 'channels_last',
        activation: 'relu',
        use_bias: false,
        batch_input_shape: [null, 3, 3, 1],
      }),
      layer('Flatten', { name: 'flat', data_format: 'channels_last' }),
      layer('Dense', { name: 'fc', units: 2, activation: 'linear', use_bias: false }),
    ],
  });
  const entry = (name: string, shape: readonly number[]) => ({ name, shape, dtype: 'float32' });
  const weights = [entry('conv/kernel', [2, 2, 1, 2]), entry('fc/kernel', [8, 2])];
  return {
    format: 'layers-model',
    modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: topology },
    weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights }],
  };
}

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

test('a TensorFlow.js model waits for its weights, opens with them and goes through every step', async ({
  studio,
}) => {
  await studio.open();
  const values = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i + 1));
  await studio.openModel(file('model.json', Buffer.from(JSON.stringify(convModel()))));
  await expect(studio.alert.first()).toContainText('group1-shard1of1.bin');
  await studio.openModel(file('group1-shard1of1.bin', Buffer.from(values.buffer)));
  await studio.expectStep('load', 'done');
  await studio.page.getByRole('button', { name: 'Generate samples' }).click();
  await studio.run('Convert');
  await expect(studio.layer('conv')).toContainText(/fold|mul|skip/);
  const report = await studio.exportReport();
  expect(report.model).toMatchObject({ format: 'tfjs', name: 'small' });
});
