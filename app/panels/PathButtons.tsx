import { useStudio } from '../store/context';
import type { PathEnd } from '../store/studio';

const CHOICES: readonly { readonly to: PathEnd; readonly title: string }[] = [
  { to: 'inputs', title: 'To inputs' },
  { to: 'outputs', title: 'To outputs' },
  { to: 'both', title: 'Both' },
];

/** Follows the way through the graph from a node; pressed again it ends that. */
export function PathButtons({ node }: { node: string }) {
  const focus = useStudio((studio) => studio.pathFocus);
  const follow = useStudio((studio) => studio.focusPath);
  const end = useStudio((studio) => studio.endPathFocus);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend of its own
    <div className="path-buttons" role="group" aria-label="Path through the graph">
      <span aria-hidden>Path</span>
      {CHOICES.map(({ to, title }) => {
        const isOn = focus?.node === node && focus.to === to;
        return (
          <button
            key={to}
            type="button"
            aria-pressed={isOn}
            aria-label={`Path: ${title.toLowerCase()}`}
            onClick={() => (isOn ? end() : follow(node, to))}
          >
            {title}
          </button>
        );
      })}
    </div>
  );
}
