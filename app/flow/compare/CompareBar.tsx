import { sameSource, sidesOf } from '../../store/compare/sides';
import { useStudio } from '../../store/context';
import { Differences } from './Differences';
import { SideSelect } from './SideSelect';

/** Which two graphs stand side by side, and a walk through what differs. */
export function CompareBar() {
  const sides = useStudio(sidesOf);
  if (sides === null) return null;
  return (
    <section className="compare-bar" aria-label="Comparison">
      <SideSelect side="left" value={sides.left.source} />
      <span aria-hidden>|</span>
      <SideSelect side="right" value={sides.right.source} />
      {sameSource(sides.left.source, sides.right.source) ? (
        <span className="difference-count">the same graph on both sides</span>
      ) : (
        <Differences />
      )}
    </section>
  );
}
