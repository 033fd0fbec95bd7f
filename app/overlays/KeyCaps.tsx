import { keyCaps } from '../actions/keys';

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** A key combination as it is printed on the keyboard. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className="key-caps">
      {keyCaps(keys, isMac).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
