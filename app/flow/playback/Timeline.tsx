import { useMemo, useState } from 'react';
import type { ChangeView } from '../../../src/index';
import { tidy } from '../../panels/format';
import { useStudio } from '../../store/context';
import { grouped } from '../../store/counting';
import { changesOf, currentChange, positionOf } from '../../store/playback/position';

const TONES: { readonly [K in ChangeView['kind']]: 'added' | 'removed' | 'changed' } = {
  insert: 'added',
  remove: 'removed',
  rewire: 'changed',
  rescale: 'changed',
  rename: 'changed',
  move: 'changed',
};
/** From where to where a mark reaches: the kinds differ without their colours. */
const REACH = { added: [0, 5], changed: [4, 8], removed: [7, 12] } as const;

/** Beyond this many, neighbours that would fall on one pixel share a mark. */
const MARK_LIMIT = 600;
const WIDTH = 1000;

/** One path a tone: thousands of marks are three elements. */
function pathsOf(changes: readonly ChangeView[]): readonly (readonly [string, string])[] {
  const seen = { added: new Set<number>(), removed: new Set<number>(), changed: new Set<number>() };
  const places = Math.min(changes.length, MARK_LIMIT);
  changes.forEach(({ kind }, i) => {
    seen[TONES[kind]].add(Math.floor((i * places) / changes.length));
  });
  return (['added', 'changed', 'removed'] as const).map((tone) => {
    const [top, bottom] = REACH[tone];
    const x = (mark: number) => (((mark + 1) / places) * WIDTH).toFixed(1);
    return [tone, [...seen[tone]].map((mark) => `M${x(mark)} ${top}V${bottom}`).join('')] as const;
  });
}

/**
 * Where the handle stands, and what moves it: it goes ahead of the graph, which may have to be waited for, so that the next
 * key counts from where this one led.
 */
function useHandle(position: number) {
  const seek = useStudio((studio) => studio.seek);
  const [ahead, setAhead] = useState<number | null>(null);
  const move = async (to: number) => {
    setAhead(to);
    try {
      await seek(to);
    } finally {
      setAhead((now) => (now === to ? null : now));
    }
  };
  return { at: ahead ?? position, move };
}

/** The shown step's changes along a line, to be dragged or walked with the arrow keys. */
export function Timeline() {
  const changes = useStudio(changesOf);
  const position = useStudio(positionOf);
  const { at, move } = useHandle(position);
  const sentence = useStudio((studio) => currentChange(studio)?.change.sentence ?? null);
  const paths = useMemo(() => pathsOf(changes), [changes]);
  const words = `change ${grouped(position)} of ${grouped(changes.length)}`;
  return (
    <div className="timeline">
      <svg viewBox={`0 0 ${WIDTH} 12`} preserveAspectRatio="none" aria-hidden>
        {paths.map(([tone, path]) => (
          <path key={tone} className={tone} d={path} />
        ))}
      </svg>
      <input
        type="range"
        aria-label="Timeline"
        aria-valuetext={sentence === null ? words : `${words}: ${tidy(sentence)}`}
        min={0}
        max={changes.length}
        step={1}
        value={at}
        onChange={(event) => void move(Number(event.currentTarget.value))}
      />
    </div>
  );
}
