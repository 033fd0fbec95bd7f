import { describe, expect, it } from 'vitest';
import type { Term } from './entry';
import { findTerms } from './findTerms';
import { searchTerms } from './searchTerms';
import { TERMS, termOf } from './terms';

const termsIn = (text: string) => findTerms(text).flatMap(({ term }) => (term === null ? [] : [term.id]));

describe('the glossary', () => {
  it('tells its terms apart, by id and by every form of a word', () => {
    const forms = TERMS.flatMap(({ term, also }) => [term, ...also].map((form) => form.toLowerCase()));
    expect(new Set(TERMS.map(({ id }) => id)).size).toBe(TERMS.length);
    expect(forms.filter((form, index) => forms.indexOf(form) !== index)).toEqual([]);
  });

  it.each([
    ...['observer', 'MinMaxObserver', 'HistogramObserver', 'PerChannelMinMaxObserver', 'zero point', 'scale'],
    ...['qconfig', 'QConfigMapping', 'qconfig_mapping', 'qscheme', 'quant_min', 'quant_max', 'reduce_range'],
    ...['prepare_fx', 'convert_fx', 'example_inputs', 'backend_config', 'is_reference', 'reference form'],
    ...['lowering', 'lowered form', 'fuse', 'fake quant', 'QDQ', 'FX graph'],
    ...['equalization_qconfig', 'equalization_qconfig_dict', 'equalization_qconfig_mapping'],
    ...[
      'InputEqualizationObserver',
      'WeightEqualizationObserver',
      'AWQ',
      'alpha',
      'SmoothQuant',
      'fold',
      'mul',
    ],
    ...['SQNR', 'good SQNR', 'gain', 'relative error', 'float error', 'dead column', 'semantics', 'method'],
  ])('has %s as a term, which its search finds', (word) => {
    const named = ({ term, also, pytorch }: Term) =>
      [term, ...also, pytorch].some((form) => form.toLowerCase().includes(word.toLowerCase()));
    expect(searchTerms(word).flatMap(({ terms }) => terms.filter(named))).not.toEqual([]);
  });

  it('has every name of PyTorch', () => {
    for (const word of [
      'zero_point',
      'per_channel_symmetric',
      'per_tensor_affine',
      'quantize_per_tensor',
      'default_equalization_qconfig',
      'compute_sqnr',
    ])
      expect(
        searchTerms(word).flatMap(({ terms }) => terms),
        word,
      ).not.toEqual([]);
  });

  it('explains in at most three sentences', () => {
    for (const { id, text } of TERMS) expect(text.split(/[.:] /).length, id).toBeLessThanOrEqual(4);
  });

  it('refuses a term that it does not have', () => {
    expect(() => termOf('nothing')).toThrow("no term 'nothing'");
  });
});

describe('terms in a sentence', () => {
  it('are found in all their forms, the longest first, each once', () => {
    expect(termsIn('insert observers')).toEqual(['observer']);
    expect(termsIn('The equalization scale is no scale of a grid.')).toEqual(['equalization-scale', 'scale']);
    expect(termsIn('A fold, another fold')).toEqual(['fold']);
  });

  it('are no parts of other words, and the text stays whole', () => {
    expect(termsIn('unfolded, scaled, multiply, input-weight-like')).toEqual([]);
    const text = 'SQNR of the int8 model, min/max of 3 observers.';
    expect(
      findTerms(text)
        .map((stretch) => stretch.text)
        .join(''),
    ).toBe(text);
  });
});
