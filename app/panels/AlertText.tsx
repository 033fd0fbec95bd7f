import { tidy } from './format';

const BULLET = '• ';

/** An error's text; lines with a bullet are a list. */
export function AlertText({ text }: { text: string }) {
  const lines = tidy(text).split('\n');
  const items = lines.filter((line) => line.startsWith(BULLET));
  if (items.length === 0) return <div className="alert-body">{lines.join('\n')}</div>;
  const first = lines.findIndex((line) => line.startsWith(BULLET));
  const rest = lines.slice(first).filter((line) => !line.startsWith(BULLET));
  return (
    <div className="alert-body">
      <p>{lines.slice(0, first).join('\n')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list needs the focus to be scrolled by keys */}
      <ul className="alert-list" tabIndex={0} aria-label="What is refused">
        {items.map((line) => (
          <li key={line}>{line.slice(BULLET.length)}</li>
        ))}
      </ul>
      {rest.length > 0 && <p>{rest.join('\n')}</p>}
    </div>
  );
}
