import { describe, expect, it } from 'vitest';
import { fakeMethod } from '../../store/fakes/rows';
import type { Compared } from '../../store/findings';
import { FIRST_SETTINGS } from '../../store/vocabulary';
import { csvOf } from '../csv';
import { methodsCsv } from './methodsCsv';

const dataset = (samples: number, labels: boolean) => ({
  source: 'data.npz',
  samples,
  labels,
  arrays: [],
  origin: 'arrays' as const,
  notes: [],
});

const compared: Compared = {
  settings: FIRST_SETTINGS,
  calibration: dataset(8, false),
  evaluation: dataset(540, true),
  rows: [
    { ...fakeMethod('none', 20), accuracy: 0.5, layers: { fc1: 21.5, 'a,b': null } },
    {
      ...fakeMethod('auto', 23.25),
      accuracy: 531 / 540,
      muls: 1,
      folds: 2,
      maxRelError: 2.5e-7,
      layers: { fc1: Number.POSITIVE_INFINITY, 'a,b': Number.NEGATIVE_INFINITY },
    },
    { ...fakeMethod('pytorch', null), error: 'the node "x"\nfailed', ms: 3 },
  ],
};

describe('CSV', () => {
  it('quotes as RFC 4180 says', () => {
    expect(csvOf([['a', 'b,c', 'say "so"', 'two\nlines', '', null, 1.5]])).toBe(
      'a,"b,c","say ""so""","two\nlines",,,1.5\r\n',
    );
  });

  it('leaves no text that a spreadsheet takes for a formula, and every number a number', () => {
    const texts = ['=1+1', '+a', '-a', '@sum', '\tx', '=a,b', 'a=b'];
    expect(csvOf([[...texts, -1.5, Number.NEGATIVE_INFINITY]])).toBe(
      `'=1+1,'+a,'-a,'@sum,'\tx,"'=a,b",a=b,-1.5,-inf\r\n`,
    );
  });

  it('has one row a method, one column a figure and one a layer in graph order', () => {
    const lines = methodsCsv(compared, ['fc1', 'a,b']).split('\r\n');
    expect(lines[0]).toBe(
      'method,title,sqnr_db,gain_db,accuracy,correct,evaluated,muls,folds,max_rel_error,ms,error,sqnr_db fc1,"sqnr_db a,b"',
    );
    expect(lines[1]).toBe('none,plain int8,20,0,0.5,270,540,0,0,0,1,,21.5,');
    expect(lines[2]).toBe(`auto,auto,23.25,3.25,${531 / 540},531,540,1,2,2.5e-7,1,,inf,-inf`);
    expect(lines[3]).toBe('pytorch,PyTorch 1.13.1,,,,,,,,,3,"the node ""x""\nfailed",,');
    expect(lines[4]).toBe('');
  });
});
