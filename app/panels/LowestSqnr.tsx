import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useStudio } from '../store/context';
import { layersBySqnr } from '../store/selectors';
import { BarPopover } from './BarPopover';
import { formatDb } from './format';

function useRanking() {
  const runs = useStudio((studio) => studio.runs);
  const settings = useStudio((studio) => studio.settings);
  const view = useStudio((studio) => studio.view);
  return useMemo(() => layersBySqnr({ runs, settings, view }), [runs, settings, view]);
}

/** A whole number from 1 to `most`; null for anything else. */
function countIn(text: string, most: number): number | null {
  const count = Number(text);
  return Number.isInteger(count) && count >= 1 && count <= most ? count : null;
}

function LowestForm({ close }: { close: () => void }) {
  const layers = useRanking();
  const busy = useStudio((studio) => studio.job !== null);
  const equalize = useStudio((studio) => studio.equalizeLowest);
  const [text, setText] = useState('1');
  const count = countIn(text, layers.length);
  if (layers.length === 0)
    return <p className="dim">Run Convert first: it measures each layer with these settings and data.</p>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (count === null || busy) return;
        void equalize(count);
        close();
      }}
    >
      <div className="lowest-row">
        <TextInput
          type="number"
          size="xs"
          w={84}
          label="N"
          min={1}
          max={layers.length}
          value={text}
          error={count === null ? `1 to ${layers.length}` : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" disabled={count === null || busy}>
          Equalize lowest N
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <ol className="lowest-list" aria-label="Layers by SQNR" tabIndex={0}>
        {layers.map(({ name, sqnr }, index) => (
          <li key={name} className={count !== null && index < count ? 'chosen' : ''}>
            <span>{name}</span> <span>{formatDb(sqnr)} dB</span>
          </li>
        ))}
      </ol>
    </form>
  );
}

/** Chooses the layers that int8 hurts most, as PyTorch's `get_equalization_qconfig_dict` does. */
export function LowestSqnr() {
  return (
    <BarPopover button="Lowest SQNR…" title="Only the N layers with the lowest SQNR" width={330}>
      {(close) => (
        <>
          <p className="dim">
            SQNR of each layer’s output in int8 without equalization. All other layers are left alone.
          </p>
          <LowestForm close={close} />
        </>
      )}
    </BarPopover>
  );
}
