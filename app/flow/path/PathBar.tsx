import { useStudio } from '../../store/context';
import { useWindowSize } from '../../useWindowSize';

const ENDS = {
  inputs: 'from the inputs to',
  outputs: 'to the outputs from',
  both: 'through',
} as const;

/** Says which way through the graph is followed, and ends it. */
export function PathBar({ path }: { path: ReadonlySet<string> | null }) {
  const focus = useStudio((studio) => studio.pathFocus);
  const hide = useStudio((studio) => studio.hideOffPath);
  const end = useStudio((studio) => studio.endPathFocus);
  const { isNarrow } = useWindowSize();
  if (focus === null) return null;
  return (
    <section className="path-bar" aria-label="The path that is followed">
      <p>
        {isNarrow ? 'Path ' : 'The path '}
        {ENDS[focus.to]} <b className="mono">{focus.node}</b>
        {path === null ? ' is not in this graph' : `: ${path.size} nodes`}
      </p>
      <label>
        <input
          type="checkbox"
          checked={focus.hides}
          onChange={(event) => hide(event.currentTarget.checked)}
        />{' '}
        Hide the others
      </label>
      <button type="button" onClick={end}>
        End <kbd>Esc</kbd>
      </button>
    </section>
  );
}
