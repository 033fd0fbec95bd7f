import fc from 'fast-check';
import { zipSync } from 'fflate';
import type { Seed } from './fuzzFormat';

/*
 * Pickles as programs: opcodes of CPython's Lib/pickletools.py at random, and between them the few phrases of which
 * torch.save makes a state dict.
 */

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const uint32 = (value: number): string =>
  String.fromCharCode(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255);
const text = (value: string): string => `X${uint32(value.length)}${value}`;
const number = (value: number): string => `J${uint32(value)}`;

const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1_000_000_000, 2 ** 31 - 1) },
);
const tuple = (items: readonly string[]): string => `(${items.join('')}t`;
const GLOBALS = [
  'torch._utils\n_rebuild_tensor_v2',
  'torch._utils\n_rebuild_tensor_v3',
  'torch._utils\n_rebuild_parameter',
  'torch._tensor\n_rebuild_from_type_v2',
  'collections\nOrderedDict',
  'builtins\nset',
  'torch\nFloatStorage',
  'torch\nLongStorage',
  'torch\nSize',
  'torch\nfloat32',
  'os\nsystem',
  'builtins\neval',
  '__builtin__\ngetattr',
  'torch.nn.modules.linear\nLinear',
];
const global = fc.constantFrom(...GLOBALS).map((name) => `c${name}\n`);
const storage = fc
  .record({
    type: fc.constantFrom('Float', 'Double', 'Half', 'Byte', 'Long', 'QInt8', 'ComplexFloat'),
    count: size,
  })
  .map(
    ({ type, count }) =>
      `${tuple([text('storage'), `ctorch\n${type}Storage\n`, text('0'), text('cpu'), number(count)])}Q`,
  );
const tensor = fc
  .record({ storage, offset: size, shape: fc.array(fc.tuple(size, size), { maxLength: 4 }) })
  .map(({ storage: of, offset, shape }) => {
    const sizes = tuple(shape.map(([count]) => number(count)));
    const strides = tuple(shape.map(([, stride]) => number(stride)));
    const hooks = 'ccollections\nOrderedDict\n)R';
    return `ctorch._utils\n_rebuild_tensor_v2\n${tuple([of, number(offset), sizes, strides, '\x89', hooks])}R`;
  });
const key = fc.constantFrom('fc.weight', 'fc.bias', 'w', '__proto__', 'constructor', '<b>', '').map(text);
const entry = fc
  .tuple(key, fc.oneof({ weight: 4, arbitrary: tensor }, size.map(number)))
  .map(([k, v]) => `${k}${v}s`);

const plain = fc.constantFrom(
  ...[
    'N',
    '\x88',
    '(',
    ']',
    '}',
    ')',
    '\x85',
    '\x86',
    '\x87',
    't',
    'l',
    'd',
    'a',
    'e',
    's',
    'u',
    '0',
    '1',
    '2',
  ],
  ...[
    'q\x00',
    'q\x01',
    'h\x00',
    'h\x01',
    'r\xff\xff\xff\xff',
    '\x94',
    'R',
    '\x81',
    'b',
    'Q',
    '\x8f',
    '\x90',
    '\x91',
    '\x93',
  ],
  ...[
    'K\x05',
    'M\xff\xff',
    '\x8a\x01\x80',
    '\x8b\xff\xff\xff\x7f',
    'G\x7f\xf8\0\0\0\0\0\0',
    'X\xff\xff\xff\xff',
    'C\x02ab',
    '\x80\x02',
    '\x95\0\0\0\0\0\0\0\0',
  ],
);
const opcode = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 2, arbitrary: entry },
  { weight: 1, arbitrary: global },
  { weight: 1, arbitrary: tensor },
  { weight: 1, arbitrary: storage },
);
/** A dict that is filled, and now and then something else. */
const program = fc
  .tuple(
    fc.array(entry, { maxLength: 3 }),
    fc.array(opcode, { maxLength: 12 }),
    fc.array(entry, { maxLength: 2 }),
  )
  .map(([first, middle, last]) => `\x80\x02}${[...first, ...middle, ...last].join('')}.`);

const STORAGE = new Uint8Array(new Float32Array(64).map((_, i) => i / 8).buffer);

export const madeTorch: fc.Arbitrary<Seed> = program.map((pickle) => [
  {
    name: 'made.pt',
    bytes: zipSync(
      { 'made/data.pkl': latin1(pickle), 'made/data/0': STORAGE, 'made/version': latin1('3\n') },
      { level: 0 },
    ),
  },
]);

const MAGIC = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.';
const VERSION = '\x80\x02M\xe9\x03.';
const SYSTEM = `\x80\x02}${text('little_endian')}\x88s.`;

export const madeLegacyTorch: fc.Arbitrary<Seed> = fc
  .tuple(program, fc.constantFrom(`]${text('0')}a`, ']', `]${text('1')}a`, 'N'), size)
  .map(([pickle, keys, count]) => {
    const head = latin1(`${MAGIC}${VERSION}${SYSTEM}${pickle}\x80\x02${keys}.`);
    const counted = new Uint8Array(8);
    new DataView(counted.buffer).setBigInt64(0, BigInt(count), true);
    return [{ name: 'made.pt', bytes: new Uint8Array(Buffer.concat([head, counted, STORAGE])) }];
  });
