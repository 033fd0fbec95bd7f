import { Button, Checkbox } from '@mantine/core';
import { useStudio } from '../../store/context';
import { LAYER_COLUMNS } from '../../store/studio';
import { BarPopover } from '../BarPopover';
import { LAYER_CELLS } from './layerCells';
import { useSaveLayers } from './saveLayers';

function ColumnList() {
  const shown = useStudio((studio) => studio.layerColumns);
  const show = useStudio((studio) => studio.showLayerColumn);
  return (
    <ul className="column-choices" aria-label="Columns">
      {LAYER_COLUMNS.map((column) => (
        <li key={column}>
          <Checkbox
            size="xs"
            label={LAYER_CELLS[column].longTitle ?? LAYER_CELLS[column].title}
            title={LAYER_CELLS[column].hint}
            checked={shown.includes(column)}
            // A row without its name would be nobody's.
            disabled={column === 'name'}
            onChange={(event) => show(column, event.currentTarget.checked)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Which columns the table has, remembered in this browser, and the table as a file. */
export function ColumnsPopover() {
  const reset = useStudio((studio) => studio.resetLayerColumns);
  const save = useSaveLayers();
  return (
    <BarPopover button="Columns…" title="Columns" width={310}>
      {(close) => (
        <>
          <ColumnList />
          <div className="column-buttons">
            <Button size="compact-xs" variant="default" onClick={reset}>
              First columns
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              title="The rows that the table shows, in its order, with all columns"
              onClick={() => {
                save();
                close();
              }}
            >
              Table (.csv)
            </Button>
          </div>
        </>
      )}
    </BarPopover>
  );
}
