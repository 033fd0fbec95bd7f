import type { Stale } from '../../store/findings';

/** Says that figures are of settings or data that have changed since: they stay, and are not passed off as new. */
export function StaleNote({ stale, again }: { stale: Stale; again: 'compare' | 'advise' }) {
  if (stale === null) return null;
  return (
    <span className="stale">
      of earlier {stale}: {again} again
    </span>
  );
}
