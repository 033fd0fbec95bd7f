import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { LayerView, StepView, StudioView } from '../../src/index';
import { fakeDetails, fakeLayer } from '../store/fakes/layers';
import { fakeMethod } from '../store/fakes/rows';
import { ABOUT_GENERATED, ON_GENERATED } from '../store/generatedSamples';
import { FIRST_SETTINGS } from '../store/vocabulary';
import { escapeHtml, reportHtml } from './html';
import { escapeMarkdown, reportMarkdown } from './markdown';
import { reportDocument } from './reportDocument';
import { type ReportSource, worstLayers } from './source';
import { markdownZip } from './writeReport';

const HOSTILE = '<img src=x onerror=alert(1)>|`*[a](javascript:b)*`&"';

const step = (name: StepView['step'], more: Partial<StepView> = {}): StepView => ({
  step: name,
  ms: 12,
  summary: 'done',
  warning: null,
  failed: false,
  functionChanged: false,
  changes: [],
  graph: { nodes: [], edges: [], text: '' },
  forms: null,
  ...more,
});

const layerAt = (i: number): LayerView => ({
  ...fakeLayer(`fc${i}`),
  decision: 'fold',
  reason: 'The layer before takes the scale.',
  inputRatio: [40 + i, 2],
  weightRatio: [3, 5],
  sqnr: { plain: 30 - (i % 7), equalized: 28 + (i % 5) },
});

const dataset = {
  source: 'rows.npy',
  samples: 1797,
  labels: true,
  origin: 'arrays' as const,
  notes: ['3 images were left out.'],
  arrays: ['x [1797, 64] float32'],
};

function sourceOf(layers: readonly LayerView[], more: Partial<StudioView> = {}): ReportSource {
  const view: StudioView = {
    state: 1,
    model: {
      name: 'net.onnx',
      format: 'onnx',
      parameters: 1234,
      inputs: [],
      notes: ['A note.'],
      unused: ['x.data'],
    },
    calibration: dataset,
    evaluation: dataset,
    lastData: null,
    steps: { load: step('load'), convert: step('convert', { warning: 'Look out.', summary: '-1.5e-7' }) },
    layers,
    types: [],
    results: {
      sqnr: { plain: 20, equalized: 18 },
      accuracy: { float: 0.98, plain: 1743 / 1797, equalized: 1725 / 1797 },
      verification: { maxAbsError: 1e-6, maxRelError: 2e-7 },
      lowestFirst: [],
    },
    comparison: null,
    onnxRuntime: null,
    ...more,
  };
  const ranges = { min: Float32Array.of(-1, -2), max: Float32Array.of(1, 2) };
  return {
    view,
    settings: FIRST_SETTINGS,
    backend: { name: 'wasm', adapter: 'none', label: 'WASM: no GPU' },
    compared: null,
    details: worstLayers({ view }).map((name) => ({
      ...fakeDetails(name),
      input: { before: ranges, after: ranges },
      weight: { before: ranges, after: null },
    })),
    version: '9.9.9',
    date: new Date('2026-03-05T14:07:00Z'),
  };
}

const both = (source: ReportSource) => {
  const document = reportDocument(source);
  const { text, images } = reportMarkdown(document);
  return { html: reportHtml(document), md: text, images };
};
/** As a reader sees it: no tags, no entities. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('a report', () => {
  it.each([1, 500])('has every one of %i layers in both forms', (count) => {
    const layers = Array.from({ length: count }, (_, i) => layerAt(i));
    const { html, md } = both(sourceOf(layers));
    for (const { name } of layers) {
      expect(html).toContain(`<th scope="row" class="text">${name}</th>`);
      expect(md).toContain(`| ${name} | Linear |`);
    }
    expect(html.match(/<figure>/g)?.length).toBe(3 + Math.min(6, count));
  });

  it('says the same in both: verdict, settings, data, warnings, notes, version', () => {
    const { html, md } = both(sourceOf([layerAt(0), layerAt(1)]));
    for (const words of [
      'Equalized, the int8 model is 2.0 dB further from float than plain int8, and 18 fewer of 1,797 samples are right.',
      'rows.npy: 1,797 samples with labels',
      '2026-03-05 14:07 UTC',
      'Convert: Look out.',
      '−1.5e−7',
      '3 images were left out.',
      'x.data came along and the model does not name it.',
      'Equalization Studio 9.9.9',
      'WASM: no GPU',
    ]) {
      expect(textOf(html)).toContain(words);
      expect(md).toContain(words);
    }
  });

  it('tells every choice that is not the default, and no other', () => {
    const source = sourceOf([layerAt(0)]);
    expect(both(source).md).not.toContain('not the default');
    const { md } = both({
      ...source,
      settings: {
        ...FIRST_SETTINGS,
        method: 'smoothquant',
        alpha: 0.6,
        equalization: { global: true, byName: { fc0: false }, byType: {} },
        qconfigs: { byName: {}, byType: { 'torch.nn.Linear': 'none' } },
        byHand: { methods: {}, scales: { fc0: { 3: 0.5 } } },
      },
    });
    expect(md.match(/not the default/g)).toHaveLength(2);
    expect(md).toContain('- Layer fc0: not equalized.');
    expect(md).toContain('- Type torch.nn.Linear: left in float.');
    expect(md).toContain('- Layer fc0: 1 scale set by hand.');
    expect(md).toContain('α = 0.6');
  });

  it('has the methods that were compared, and says that they are of earlier settings', () => {
    const source = sourceOf([layerAt(0)]);
    const compared = {
      rows: [fakeMethod('none', 20), { ...fakeMethod('pytorch', null), error: 'cannot run' }],
      settings: { ...FIRST_SETTINGS, qconfig: 'fbgemm' as const },
      calibration: dataset,
      evaluation: dataset,
    };
    const { html, md } = both({ ...source, compared });
    for (const text of [textOf(html), md]) {
      expect(text).toContain('These figures are of earlier settings.');
      expect(text).toContain('cannot run');
    }
  });

  it('has every picture of the page as a file that the Markdown names, however layers are called', () => {
    const names = ['a/b c', 'a_b-c', '…', 'x'.repeat(300)];
    const layers = names.map((name, i) => ({ ...layerAt(i), name }));
    const { html, md, images } = both(sourceOf(layers));
    const named = [...md.matchAll(/^!\[.*\]\((.*)\)$/gm)].map(([, path]) => path);
    expect(named).toEqual([...images.keys()]);
    expect(images.size).toBe(html.match(/<figure>/g)?.length);
    for (const [path, svg] of images) {
      expect(path).toMatch(/^images\/\d\d-[a-z0-9-]{1,48}\.svg$/);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      // A file alone knows nothing of the page's colours.
      expect(svg).not.toContain('var(--');
    }
  });

  it('is a zip of one folder in Markdown', () => {
    const files = unzipSync(markdownZip(reportDocument(sourceOf([layerAt(0)])), 'net-report'));
    expect(Object.keys(files)[0]).toBe('net-report/report.md');
    const text = strFromU8(files['net-report/report.md'] ?? new Uint8Array());
    for (const [, path] of text.matchAll(/^!\[.*\]\((.*)\)$/gm))
      expect(files[`net-report/${path}`]?.length).toBeGreaterThan(500);
  });

  it('has no table of more than nine columns: they must fit on paper', () => {
    const { sections } = reportDocument(sourceOf([layerAt(0)]));
    for (const block of sections.flatMap(({ blocks }) => blocks))
      if (block.kind === 'table') expect(block.columns.length, block.caption).toBeLessThanOrEqual(9);
  });

  it('marks a verdict on generated samples, and no other', () => {
    const generated = { ...dataset, source: 'generated data', origin: 'generated' as const };
    const { html, md } = both(sourceOf([layerAt(0)], { calibration: generated }));
    expect(html).toContain(`<span class="mark">${ON_GENERATED}</span></p>`);
    expect(md).toMatch(new RegExp(`^\\*\\*Equalized, .*\\*\\* \\(${ON_GENERATED}\\)$`, 'm'));
    for (const text of [textOf(html), md]) expect(text).toContain(ABOUT_GENERATED);
    const real = both(sourceOf([layerAt(0)]));
    expect(real.html + real.md).not.toContain(ON_GENERATED);
    expect(real.html + real.md).not.toContain(ABOUT_GENERATED);
  });

  it('has no verdict before Convert, though Equalize has results', () => {
    const { html } = both(sourceOf([layerAt(0)], { steps: { equalize: step('equalize') } }));
    expect(textOf(html)).toContain('No verdict: Convert has not run');
  });

  it('has a place for nothing: no results, no layers', () => {
    const { html, md } = both(sourceOf([], { results: null, calibration: null, steps: {} }));
    expect(md).toContain('Convert has not run');
    expect(html).not.toContain('<svg');
    expect(md).not.toContain('## Layers');
  });
});

describe('names with markup', () => {
  const layer = { ...layerAt(0), name: HOSTILE, reason: HOSTILE };
  const { html, md } = both(sourceOf([layer]));

  it('are text in HTML', () => {
    expect(html).not.toContain('<img');
    expect(textOf(html)).toContain(HOSTILE);
    expect(html).not.toMatch(/<script|(?:src|href)="(?!#)/);
    expect(html).toContain("default-src 'none'");
  });

  it('are text in Markdown, in one cell', () => {
    const row = md.split('\n').find((line) => line.startsWith('| \\<img'));
    expect(row?.replaceAll(/\\./g, '').split('|')).toHaveLength(11);
  });

  it('are escaped by themselves', () => {
    expect(escapeHtml(`<a href="x">'&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;');
    expect(escapeMarkdown('# a\nb')).toBe('\\# a b');
    expect(escapeMarkdown('25.0')).toBe('25.0');
    expect(escapeMarkdown('enc_0_fc _x_')).toBe('enc_0_fc \\_x\\_');
  });
});
