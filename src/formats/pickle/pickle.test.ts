import { describe, expect, it } from 'vitest';
import { FormatError } from '../errors';
import { readPickle } from './read';
import {
  PickleDict,
  PickleFunction,
  PickleList,
  PickleSet,
  PickleTuple,
  type PickleValue,
  type PickleWorld,
} from './value';

/* Opcodes are those of CPython's Lib/pickletools.py; the bytes are `pickle.dumps` of Python 3. */

const world: PickleWorld = {
  find: (module, name) => {
    if (module === 'os') throw new FormatError('x.pt', `refuses ${module}.${name}.`);
    return new PickleFunction(`${module}.${name}`, (args) => new PickleTuple([name, ...args]));
  },
  persistent: (id) => new PickleTuple(['persistent', id]),
};
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const read = (bytes: Uint8Array) => readPickle(bytes, 'x.pt', 'the pickle', world);

/** JavaScript's counterpart of a value, for comparison. */
function plain(value: PickleValue): unknown {
  if (value instanceof PickleList || value instanceof PickleTuple) return value.items.map(plain);
  if (value instanceof PickleSet) return new Set(value.items.map(plain));
  if (value instanceof PickleDict) return new Map([...value.entries].map(([k, v]) => [plain(k), plain(v)]));
  return value;
}

describe('readPickle', () => {
  it('reads every plain value of protocol 2', () => {
    // pickle.dumps({'a': [1, -2, 300, 70000, 2**40, -2**70, 1.5, None, True, False], 'b': (1,)}, 2)
    const hex =
      '80027d71002858010000006171015d7102284b014afeffffff4d2c014a701101008a060000000000018a09000000000000' +
      '0000c0473ff80000000000004e88896558010000006271034b01857104752e';
    expect(plain(read(bytesOf(hex)))).toEqual(
      new Map<string, unknown>([
        ['a', [1, -2, 300, 70000, 2 ** 40, -(2n ** 70n), 1.5, null, true, false]],
        ['b', [1]],
      ]),
    );
  });

  it('reads sets, frames and memoized values of protocol 4', () => {
    // pickle.dumps([{1, 2}, 'ab', 'ab', b'\x01'], 4)
    const hex = '80049518000000000000005d94288f94284b014b02908c02616294680243010194652e';
    expect(plain(read(bytesOf(hex)))).toEqual([new Set([1, 2]), 'ab', 'ab', Uint8Array.of(1)]);
  });

  it('calls only what the world knows, and nothing else', () => {
    expect(plain(read(ascii('\x80\x02cmath\nsqrt\nK\x04\x85R.')))).toEqual(['sqrt', 4]);
    expect(() => read(ascii('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.'))).toThrow('refuses os.system');
    expect(() => read(ascii('\x80\x04\x8c\x02os\x8c\x06system\x93.'))).toThrow('refuses os.system');
    expect(() => read(ascii('\x80\x02K\x01K\x02\x85R.'))).toThrow('calls 1');
  });

  it('hands persistent ids to the world', () => {
    expect(plain(read(ascii('\x80\x02K\x07Q.')))).toEqual(['persistent', 7]);
  });

  it.each([
    ['an opcode of text protocols', 'I1\n.', /opcode 0x49/],
    ['a pickle of protocol 1', '\x80\x01N.', /protocol 1; 2 to 5/],
    ['an empty stack', '\x80\x02.', /empty stack/],
    ['a group that was not opened', '\x80\x02t.', /did not open/],
    ['a value that was not noted', '\x80\x02h\x05.', /refers to value 5/],
    ['entries of a list', '\x80\x02]K\x01K\x02s.', /sets entries of a list/],
    ['a key without a value', '\x80\x02}(K\x01u.', /key without a value/],
    ['elements of a dict', '\x80\x02}K\x01a.', /adds elements to a dict/],
    ['a huge integer', '\x80\x02\x8b\xff\xff\xff\x00.', /integer of 16777215 bytes/],
    ['a huge text', '\x80\x02X\xff\xff\xff\xffab.', /breaks off/],
    ['no end', '\x80\x02N', /breaks off at byte 3/],
    ['nothing', '', /breaks off at byte 0/],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(ascii(text))).toThrow(message);
    expect(() => read(ascii(text))).toThrow(FormatError);
  });
});
