import { useStudio } from '../store/context';
import { tidy } from './format';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What happened, newest first. */
export function LogList() {
  const log = useStudio((studio) => studio.log);
  if (log.length === 0) return <p className="empty">Nothing has happened yet.</p>;
  return (
    <ol className="log">
      {log.toReversed().map((entry) => (
        <li key={entry.serial} className={entry.kind}>
          <time>{clock.format(entry.time)}</time>
          {entry.kind === 'error' && <b>error </b>}
          {tidy(entry.text)}
        </li>
      ))}
    </ol>
  );
}
