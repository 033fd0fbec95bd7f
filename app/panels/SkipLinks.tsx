import { useStudio } from '../store/context';
import { useWindowSize } from '../useWindowSize';

const PLACES = [
  { id: 'graph', title: 'Skip to the graph' },
  { id: 'inspector', title: 'Skip to the inspector' },
  { id: 'lower', title: 'Skip to the lower panel' },
  { id: 'pipeline', title: 'Skip to the steps' },
] as const;

/** The first stops of the keyboard: straight to a part of the page. They show while they have the focus. */
export function SkipLinks() {
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const isComing = useStudio((studio) => studio.returning !== null);
  const { isNarrow } = useWindowSize();
  // In a narrow window the inspector is a drawer: a place to skip to only while it is open.
  const hasInspector = useStudio((studio) => studio.inspectorOpen) || !isNarrow;
  const places = hasModel
    ? PLACES.filter(({ id }) => id !== 'inspector' || hasInspector)
    : [isComing ? PLACES[0] : ({ id: 'gallery', title: 'Skip to the samples' } as const)];
  return (
    <nav className="skip-links" aria-label="Skip to">
      {places.map(({ id, title }) => (
        <a key={id} className="skip-link" href={`#${id}`}>
          {title}
        </a>
      ))}
    </nav>
  );
}
