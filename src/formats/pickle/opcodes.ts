import type { PickleMachine } from './machine';

type Step = (machine: PickleMachine) => void;

/** Opcodes of protocols 2 to 5 (CPython, Lib/pickletools.py), by their byte. STOP is the reader's own. */
const BY_CODE: readonly (readonly [number | string, Step])[] = [
  // Values.
  ['N', (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  ['J', (m) => m.push(m.cursor.int32())],
  ['K', (m) => m.push(m.cursor.byte())],
  ['M', (m) => m.push(m.cursor.uint16())],
  [0x8a, (m) => m.push(m.longBytes(m.cursor.byte()))],
  [0x8b, (m) => m.push(m.longBytes(m.cursor.int32()))],
  ['G', (m) => m.push(m.cursor.float64())],
  ['X', (m) => m.push(m.cursor.text(m.cursor.uint32()))],
  [0x8c, (m) => m.push(m.cursor.text(m.cursor.byte()))],
  [0x8d, (m) => m.push(m.cursor.text(m.cursor.uint64()))],
  ['T', (m) => m.push(m.cursor.text(m.cursor.uint32()))],
  ['U', (m) => m.push(m.cursor.text(m.cursor.byte()))],
  ['B', (m) => m.push(m.cursor.slice(m.cursor.uint32()))],
  ['C', (m) => m.push(m.cursor.slice(m.cursor.byte()))],
  [0x8e, (m) => m.push(m.cursor.slice(m.cursor.uint64()))],
  [0x96, (m) => m.push(m.cursor.slice(m.cursor.uint64()))],
  // Collections.
  ['(', (m) => m.mark()],
  [']', (m) => m.listOf([])],
  ['l', (m) => m.listOf(m.popMark())],
  ['a', (m) => m.append([m.pop()])],
  ['e', (m) => m.append(m.popMark())],
  [')', (m) => m.tuple(0)],
  [0x85, (m) => m.tuple(1)],
  [0x86, (m) => m.tuple(2)],
  [0x87, (m) => m.tuple(3)],
  ['t', (m) => m.tupleOf(m.popMark())],
  ['}', (m) => m.dictOf([])],
  ['d', (m) => m.dictOf(m.popMark())],
  ['s', (m) => setItem(m)],
  ['u', (m) => m.setItems(m.popMark())],
  [0x8f, (m) => m.setOf([])],
  [0x90, (m) => m.append(m.popMark())],
  [0x91, (m) => m.setOf(m.popMark())],
  // The stack and the memo.
  ['0', (m) => m.pop()],
  ['1', (m) => m.popMark()],
  ['2', (m) => m.push(m.top())],
  ['q', (m) => m.remember(m.cursor.byte())],
  ['r', (m) => m.remember(m.cursor.uint32())],
  [0x94, (m) => m.remember()],
  ['h', (m) => m.recall(m.cursor.byte())],
  ['j', (m) => m.recall(m.cursor.uint32())],
  // Names, calls, and what is kept outside.
  ['c', (m) => m.global(m.cursor.line(), m.cursor.line())],
  [0x93, (m) => m.stackGlobal()],
  ['R', (m) => m.reduce()],
  [0x81, (m) => m.reduce()],
  ['b', (m) => m.build()],
  ['Q', (m) => m.push(m.world.persistent(m.pop()))],
  // Framing, which only a stream of unknown length needs.
  [0x80, (m) => checkProtocol(m)],
  [0x95, (m) => m.cursor.uint64()],
];

/** Protocol 1 and 0 wrote text, and nothing that the studio reads was ever saved in them. */
function checkProtocol(machine: PickleMachine): void {
  const version = machine.cursor.byte();
  if (version < 2 || version > 5) machine.fail(`is of protocol ${version}; 2 to 5 are read`);
}

function setItem(machine: PickleMachine): void {
  const [value, key] = [machine.pop(), machine.pop()];
  machine.setItems([key, value]);
}

export const STEPS: ReadonlyMap<number, Step> = new Map(
  BY_CODE.map(([code, step]) => [typeof code === 'number' ? code : code.charCodeAt(0), step]),
);
