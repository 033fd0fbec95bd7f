/** What is read of a key press; a DOM KeyboardEvent is one. */
export interface KeyPress {
  readonly key: string;
  /** The place on the keyboard, for letters of alphabets other than Latin. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Chord {
  /** As `KeyboardEvent.key` gives it, in lower case. */
  readonly key: string;
  /** Ctrl, or ⌘ on a Mac. */
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

const OTHER_NAMES: Readonly<Record<string, string>> = { space: ' ', esc: 'escape', '−': '-', plus: '+' };

/** Reads `mod+Shift+Z`, `ArrowRight`, `+`. */
export function chordOf(keys: string): Chord {
  const isPlus = keys === '+' || keys.endsWith('++');
  const parts = (isPlus ? keys.slice(0, -1) : keys).split('+').map((part) => part.trim().toLowerCase());
  const key = isPlus ? '+' : (parts.at(-1) ?? '');
  const modifiers = isPlus ? parts : parts.slice(0, -1);
  return {
    key: OTHER_NAMES[key] ?? key,
    mod: modifiers.some((name) => name === 'mod' || name === 'ctrl'),
    alt: modifiers.includes('alt'),
    shift: modifiers.includes('shift'),
  };
}

const isLetter = (key: string): boolean => /^[a-z]$/.test(key);
/** Whether Shift belongs to the character, as in `?`: which keys need it differs from keyboard to keyboard. */
const isSymbol = (key: string): boolean => key.length === 1 && !isLetter(key) && key !== ' ';

/** The Latin letter of a press: on a Cyrillic keyboard that of the key's place. */
function keyOf({ key, code }: KeyPress): string {
  const name = key.toLowerCase();
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  return letter !== undefined && !/^[\x20-\x7e]+$/.test(name) ? letter.toLowerCase() : name;
}

export function isPressed(keys: string, press: KeyPress): boolean {
  const chord = chordOf(keys);
  return (
    keyOf(press) === chord.key &&
    (press.ctrlKey || press.metaKey) === chord.mod &&
    press.altKey === chord.alt &&
    (isSymbol(chord.key) || press.shiftKey === chord.shift)
  );
}

/** Without Ctrl, and a character: it must not be taken from somebody who types, or speaks. */
export function isPlain(keys: string): boolean {
  const { key, mod, alt } = chordOf(keys);
  return !mod && !alt && key.length === 1;
}

const WORDS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  escape: 'Esc',
  enter: 'Enter',
  delete: 'Delete',
};

/** The caps of the keys, to be read: `['Ctrl', 'Shift', 'Z']`. */
export function keyCaps(keys: string, isMac: boolean): readonly string[] {
  const { key, mod, alt, shift } = chordOf(keys);
  return [
    ...(mod ? [isMac ? '⌘' : 'Ctrl'] : []),
    ...(alt ? [isMac ? '⌥' : 'Alt'] : []),
    ...(shift ? [isMac ? '⇧' : 'Shift'] : []),
    WORDS[key] ?? (isLetter(key) && !mod && !alt ? key : key.charAt(0).toUpperCase() + key.slice(1)),
  ];
}
