import { TextInput } from '@mantine/core';
import { useStudio } from '../../store/context';
import { grouped } from '../../store/counting';
import { shownLayers } from '../../store/layersTable/shownLayers';

/** Shows only the rows whose name, type, rule or reason has these words. */
export function FilterText() {
  const text = useStudio((studio) => studio.layerFilter.text);
  const shown = useStudio((studio) => shownLayers(studio).rows.length);
  const all = useStudio((studio) => studio.view.layers.length);
  const filter = useStudio((studio) => studio.filterLayers);
  return (
    // While there is text, Escape empties the field and does nothing else.
    <span {...(text === '' ? {} : { 'data-drafts': true })}>
      <TextInput
        type="search"
        size="xs"
        className="layers-search"
        aria-label="Filter layers"
        placeholder="filter rows"
        title="Rows whose name, type, rule or reason has all these words"
        value={text}
        rightSection={
          shown < all && (
            <span className="filter-share">
              {grouped(shown)}/{grouped(all)}
            </span>
          )
        }
        rightSectionPointerEvents="none"
        onChange={(event) => filter({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') filter({ text: '' });
        }}
      />
    </span>
  );
}
