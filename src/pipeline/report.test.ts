import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { report } from './report';
import { DEFAULT_SETTINGS, type Settings, STEPS, type StepName } from './settings';
import { allBut, quietJob, runPipeline, testBatch } from './testRun';
import { BACKEND, openDigits } from './testStudio';
import type { ExportedFile, ModelView } from './views';

/* report.json as DESIGN.md describes it; strict, so that a missing or a misspelt key is found. */
const figure = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]);
const sqnr = z.strictObject({ plain: figure.nullable(), equalized: figure.nullable() });
const named = { name: z.string(), after: z.string() };
const grid = { scale: z.number(), zeroPoint: z.int() };
const observer = z.discriminatedUnion('kind', [
  z.strictObject({ ...named, kind: z.enum(['minmax', 'histogram']), min: figure, max: figure, ...grid }),
  z.strictObject({ ...named, kind: z.literal('fixed'), min: figure, max: figure, ...grid }),
  z.strictObject({
    ...named,
    kind: z.literal('equalization'),
    min: z.array(figure),
    max: z.array(figure),
    scale: z.null(),
    zeroPoint: z.null(),
  }),
]);
const layer = z.strictObject({
  name: z.string(),
  decision: z.enum(['fold', 'mul', 'skip']).nullable(),
  reason: z.string().nullable(),
  inputMin: z.array(figure),
  inputMax: z.array(figure),
  weightMin: z.array(figure),
  weightMax: z.array(figure),
  scale: z.array(figure),
  sqnr,
});
const place = z.strictObject({
  node: z.string(),
  also: z.array(z.string()),
  layer: z.string().nullable(),
  exact: z.string(),
  pytorch: z.string(),
});
const figures = z.strictObject({
  maxRelError: figure.nullable(),
  sqnr: figure.nullable(),
  layers: z.array(
    z.strictObject({ name: z.string(), maxRelError: figure.nullable(), sqnr: figure.nullable() }),
  ),
  error: z.strictObject({ step: z.enum(STEPS), message: z.string(), node: z.string().nullable() }).nullable(),
});
/** How samples came about. */
const origin = {
  source: z.string().nullable(),
  generated: z.boolean(),
  generator: z.unknown(),
  images: z.unknown(),
  notes: z.array(z.string()),
};

const schema = z.strictObject({
  version: z.literal(1),
  model: z.strictObject({
    name: z.string(),
    format: z.enum(['fx', 'onnx']),
    inputs: z.array(z.strictObject({ name: z.string(), shape: z.string() })),
    parameters: z.int(),
  }),
  backend: z.strictObject({ name: z.string(), adapter: z.string() }),
  config: z.strictObject({
    semantics: z.enum(['exact', 'pytorch']),
    qconfig: z.string(),
    qconfigs: z.strictObject({
      byName: z.record(z.string(), z.string()),
      byType: z.record(z.string(), z.string()),
    }),
    method: z.string(),
    alpha: z.number(),
    absorbBias: z.boolean(),
    byHand: z.strictObject({
      methods: z.record(z.string(), z.string()),
      scales: z.record(z.string(), z.record(z.string(), z.number())),
    }),
    equalization: z.strictObject({
      global: z.boolean(),
      byName: z.record(z.string(), z.boolean()),
      byType: z.record(z.string(), z.boolean()),
    }),
    layers: z.array(z.string()),
  }),
  steps: z.array(z.strictObject({ step: z.enum(STEPS), ms: z.number(), changes: z.int() })),
  calibration: z.strictObject({ samples: z.int(), batches: z.int(), ...origin }).nullable(),
  evaluation: z.strictObject({ samples: z.int(), ...origin }).nullable(),
  observers: z.array(observer),
  layers: z.array(layer),
  verification: z.strictObject({ maxAbsError: figure, maxRelError: figure }).nullable(),
  sqnr: sqnr.nullable(),
  regions: z.array(
    z.strictObject({
      layers: z.array(z.string()),
      decision: z.enum(['fold', 'mul']),
      rule: z.string(),
      maxRelError: figure.nullable(),
    }),
  ),
  // More than DESIGN asks for.
  comparison: z.strictObject({ differences: z.array(place), exact: figures, pytorch: figures }).nullable(),
  accuracy: z.strictObject({ float: z.number(), plain: z.number(), equalized: z.number() }).nullable(),
});

beforeAll(() => openTestDevice('cpu'));

const parse = async ({ parts }: ExportedFile) => schema.parse(JSON.parse(await new Blob([...parts]).text()));

async function digitsReport(step: StepName, settings: Settings = DEFAULT_SETTINGS) {
  const studio = await openDigits({ evaluation: true });
  const view = await studio.run(step, settings, quietJob);
  const file = await studio.exportFile('report', step);
  expect(file).toMatchObject({ name: 'model-report.json', mime: 'application/json' });
  return { view, content: await parse(file) };
}

describe('report.json', () => {
  it.each(STEPS)('after %s has the form that DESIGN.md gives', async (step) => {
    const { content } = await digitsReport(step);
    expect(content.steps.map((entry) => entry.step)).toEqual(STEPS.slice(0, STEPS.indexOf(step) + 1));
  });

  it('tells of the digits what the page tells', async () => {
    const { content, view } = await digitsReport('convert');
    expect(content).toMatchObject({
      model: { name: 'model', format: 'fx', parameters: 17226, inputs: [{ name: 'x', shape: '[n, 64]' }] },
      backend: { name: 'cpu', adapter: 'none' },
      config: {
        semantics: 'exact',
        qconfig: 'default',
        qconfigs: { byName: {}, byType: {} },
        method: 'input-weight',
        equalization: { global: true, byName: {}, byType: {} },
        layers: ['linear1', 'linear2', 'linear3'],
      },
      calibration: { samples: 300, batches: 2 },
      verification: view.results?.verification,
      sqnr: view.results?.sqnr,
      accuracy: view.results?.accuracy,
    });
    for (const entry of content.steps)
      expect(entry).toMatchObject({
        ms: view.steps[entry.step]?.ms,
        changes: view.steps[entry.step]?.changes.length,
      });
    expect(
      content.layers.map(({ name, decision, reason, sqnr: s }) => ({ name, decision, reason, sqnr: s })),
    ).toEqual(
      view.layers.map(({ name, decision, reason, sqnr: s }) => ({ name, decision, reason, sqnr: s })),
    );
  });

  it('has a column of each layer for each input, and scales that follow from the ranges', async () => {
    const { content } = await digitsReport('equalize');
    expect(
      content.layers.map((l) =>
        [l.inputMin, l.inputMax, l.weightMin, l.weightMax, l.scale].map((a) => a.length),
      ),
    ).toEqual([
      [64, 64, 64, 64, 64],
      [128, 128, 128, 128, 128],
      [64, 64, 64, 64, 64],
    ]);
    for (const { inputMin, inputMax, weightMin, weightMax, scale } of content.layers)
      scale.forEach((value, c) => {
        const input = Number(inputMax[c]) - Number(inputMin[c]);
        const weight = Number(weightMax[c]) - Number(weightMin[c]);
        if (input > 0 && weight > 1e-12) expect(Number(value) / Math.sqrt(weight / input)).toBeCloseTo(1, 5);
      });
  });

  it('lists observers: ranges of columns before equalization, scaled ranges after', async () => {
    const before = (await digitsReport('calibrate')).content.observers;
    expect(before.map(({ after, kind }) => `${after} ${kind}`)).toEqual([
      'x minmax',
      'x_activation_post_process_0 equalization',
      'linear1 minmax',
      'linear1_activation_post_process_0 equalization',
      'linear2 minmax',
      'linear2_activation_post_process_0 equalization',
      'linear3 minmax',
    ]);
    const after = (await digitsReport('equalize')).content.observers;
    expect(after.map((o) => `${o.after} ${o.kind}`)).toEqual([
      'mul minmax',
      'linear1 minmax',
      'linear2 minmax',
      'linear3 minmax',
    ]);
    expect(after[0]?.max).not.toBe(before[0]?.max);
    expect(after[3]).toEqual(before[6]);
  });

  it('lists the layers that are selected', async () => {
    const { content } = await digitsReport('load', {
      ...DEFAULT_SETTINGS,
      equalization: allBut(['linear2']),
    });
    expect(content.config.layers).toEqual(['linear1', 'linear3']);
  });
});

const VIEW: ModelView = { name: 'test', format: 'fx', parameters: 0, inputs: [], notes: [], unused: [] };

describe('numbers that are not finite', () => {
  it('are strings: ranges of a column that was never finite', async () => {
    const g = new TestModel();
    g.input('x');
    const model = g.build(
      g.linear('fc', 'x', [
        [1, 2],
        [3, 4],
      ]),
    );
    const batch = testBatch(4, [2]);
    const [x] = Object.values(batch.inputs);
    for (let row = 0; row < 4; row++)
      if (x) x.data[row * 2] = row % 2 ? Number.NaN : Number.POSITIVE_INFINITY;
    const snapshots = await runPipeline(model, [batch]);
    const content = schema.parse(
      JSON.parse(JSON.stringify(report(snapshots, DEFAULT_SETTINGS, VIEW, BACKEND))),
    );
    expect(content.layers[0]?.inputMin[0]).toBe('Infinity');
    expect(content.layers[0]?.inputMax[0]).toBe('-Infinity');
    expect(content.layers[0]?.inputMax[1]).toBeTypeOf('number');
    expect(content.layers[0]?.scale[0]).toBe(1);
  });

  it('are strings: the SQNR of a model that nothing quantizes; null is no number at all', async () => {
    const g = new TestModel();
    g.input('x');
    const snapshots = await runPipeline(g.build(g.call('sub', 'operator.sub', 'x', 1)), [testBatch(4, [2])]);
    const content = schema.parse(
      JSON.parse(JSON.stringify(report(snapshots, DEFAULT_SETTINGS, VIEW, BACKEND))),
    );
    expect(content.sqnr).toEqual({ plain: 'Infinity', equalized: 'Infinity' });
    expect(content.verification).toEqual({ maxAbsError: 0, maxRelError: 0 });
  });
});
