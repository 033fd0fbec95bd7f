import { useStudio } from '../store/context';

/** Where the graph will be, while the project that was open in this tab is read. */
export function ComingBack() {
  const name = useStudio((studio) => studio.returning);
  return (
    <main className="canvas coming-back" id="graph" tabIndex={-1} aria-label="Graph">
      <p role="status">Opening {name || 'the project'}…</p>
    </main>
  );
}
