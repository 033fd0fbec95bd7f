import { zipSync } from 'fflate';
import { ascii, type HostileInput } from './hostileInput';
import { openWeights } from './modelFormats';

const STORAGE = new Uint8Array(64);
const torch = (pickle: string) => () => [
  {
    name: 'bomb.pt',
    bytes: zipSync({ 'a/data.pkl': ascii(`\x80\x02${pickle}.`), 'a/data/0': STORAGE }, { level: 0 }),
  },
];
const text = (value: string) => `X${String.fromCharCode(value.length, 0, 0, 0)}${value}`;
const legacy = (pickle: string) => () => [
  {
    name: 'old.pt',
    bytes: ascii(
      `\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}${text('little_endian')}\x88s.\x80\x02${pickle}.\x80\x02].`,
    ),
  },
];
const pickle = (what: string, program: string, refusal: string): HostileInput => ({
  what,
  files: torch(program),
  open: openWeights,
  refusal,
});

const tensor = (sizes: string, strides: string) =>
  `ctorch._utils\n_rebuild_tensor_v2\n((${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\x10tQK\x00(${sizes}t(${strides}t\x89ccollections\nOrderedDict\n)RtR`;
const named = (value: string) => `}${text('w')}${value}s`;
const MILLION = 1_000_000;
/** A list of so many numbers, noted as the value 0. */
const noted = (count: number) => `](${'K\x01'.repeat(count)}eq\x00`;

export const HOSTILE_PICKLES: readonly HostileInput[] = [
  pickle('a pickle that calls os.system', `cos\nsystem\n${text('touch x')}\x85R`, 'os.system'),
  pickle('a pickle that calls builtins.eval', `cbuiltins\neval\n${text('1')}\x85R`, 'builtins.eval'),
  pickle(
    'a pickle that finds os.system by a name on the stack',
    `${text('posix')}${text('system')}\x93${text('ls')}\x85R`,
    'posix.system',
  ),
  pickle(
    'a pickle that reaches for attributes of what is known',
    `c__builtin__\ngetattr\n(ctorch\nSize\n${text('__class__')}tR`,
    '__builtin__.getattr',
  ),
  {
    what: 'a pickle of before PyTorch 1.6 that calls os.system',
    files: legacy(`cos\nsystem\n${text('ls')}\x85R`),
    open: openWeights,
    refusal: 'os.system',
  },
  pickle(
    'a pickle of lists nested a million deep',
    `${']'.repeat(MILLION)}${'a'.repeat(MILLION - 1)}`,
    'bomb.pt',
  ),
  pickle('a pickle that opens a million groups', '('.repeat(MILLION), 'bomb.pt'),
  pickle('a pickle of a million dicts', '}'.repeat(MILLION), 'bomb.pt'),
  pickle('a pickle of a million sets', '\x8f'.repeat(MILLION), 'bomb.pt'),
  pickle(
    'a billion laughs: lists of ten times the list before, twenty deep',
    `]q\x00${Array.from({ length: 20 }, (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}`).join('')}`,
    'bomb.pt',
  ),
  pickle(
    'dicts of ten times the dict before, twenty deep',
    `}q\x00${Array.from({ length: 20 }, (_, i) => `}(${Array.from({ length: 10 }, (_, k) => `K${String.fromCharCode(k)}h${String.fromCharCode(i)}`).join('')}uq${String.fromCharCode(i + 1)}`).join('')}`,
    'bomb.pt',
  ),
  pickle(
    'a list that is doubled by itself again and again',
    `${noted(1)}${'(h\x00h\x00e'.repeat(100_000)}`,
    'bomb.pt',
  ),
  pickle(
    'a large list that is made a set again and again',
    `${noted(20_000)}${'cbuiltins\nset\nh\x00\x85R0'.repeat(20_000)}`,
    'bomb.pt',
  ),
  pickle(
    'a large list that is a tensor’s size again and again',
    `${noted(20_000)}${'ctorch._utils\n_rebuild_tensor_v2\nq\x01'}((${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\x10tQq\x02${'h\x01(h\x02K\x00h\x00h\x00tR0'.repeat(20_000)}`,
    'bomb.pt',
  ),
  pickle('an integer of 2 GiB', '\x8b\xff\xff\xff\x7f', 'an integer of 2147483647 bytes'),
  pickle('a million integers of 255 bytes', `\x8a\xff${'\x7f'.repeat(255)}0`.repeat(8000), 'bomb.pt'),
  pickle('a dict that holds itself', `}q\x00${text('model')}h\x00s`, 'no dict of named tensors'),
  pickle(
    'a tensor that repeats one number to 10⁹ elements',
    named(tensor('J\x00\xca\x9a\x3b', 'K\x00')),
    '536,870,912',
  ),
  pickle(
    'a tensor that repeats one number to 2²⁹ elements',
    named(tensor('J\x00\x00\x00\x20', 'K\x00')),
    'repeat',
  ),
  pickle('a tensor of size 2⁶³', named(tensor(`\x8a\x09${'\0'.repeat(7)}\x80\0`, 'K\x01')), 'a whole number'),
];
