import { Button } from '@mantine/core';
import { Fragment, useMemo, useRef } from 'react';
import { useStudio } from '../../store/context';
import { LAYER_COLUMN_SPECS } from '../../store/layersTable/columns';
import { shownLayers } from '../../store/layersTable/shownLayers';
import type { LayerColumn } from '../../store/studio';
import { SortHead } from '../SortHead';
import { type ColumnWidths, columnWidths } from './columnWidths';
import { AllMarks } from './LayerMark';
import { LayerRow } from './LayerRow';
import { LayersBar } from './LayersBar';
import { LAYER_CELLS } from './layerCells';
import { ROW_HEIGHT, useRows } from './useRows';
import { useRowClicks, useTableKeys } from './useTableKeys';

function Columns({ columns, widths }: { columns: readonly LayerColumn[] } & Pick<ColumnWidths, 'widths'>) {
  return (
    <colgroup>
      {widths.map((width, i) => (
        <col key={columns[i - 1] ?? 'mark'} {...(width === null ? {} : { style: { width } })} />
      ))}
    </colgroup>
  );
}

function LayersHead({ columns }: { columns: readonly LayerColumn[] }) {
  const order = useStudio((studio) => studio.layerOrder);
  const sort = useStudio((studio) => studio.orderLayers);
  return (
    <thead>
      <tr aria-rowindex={1}>
        <td>
          <AllMarks />
        </td>
        {columns.map((id) => {
          const { title, hint, term, isText = false } = LAYER_CELLS[id];
          const { first } = LAYER_COLUMN_SPECS[id];
          return (
            <SortHead
              key={id}
              id={id}
              title={title}
              hint={hint}
              term={term}
              isText={isText}
              first={first}
              order={order}
              onSort={sort}
            />
          );
        })}
      </tr>
    </thead>
  );
}

/** The room of rows that are not drawn. */
function Gap({ rows }: { rows: number }) {
  if (rows === 0) return null;
  return (
    <tr aria-hidden className="gap">
      <td style={{ height: rows * ROW_HEIGHT }} />
    </tr>
  );
}

function NothingPasses() {
  const clear = useStudio((studio) => studio.clearLayerFilter);
  return (
    <p className="empty">
      No layer passes the filter.{' '}
      <Button size="compact-xs" variant="default" onClick={clear}>
        Clear filter
      </Button>
    </p>
  );
}

/** The rows that pass the filter; of many of them those in sight are in the page. */
function Rows() {
  const { rows: data, names, columns } = useStudio(shownLayers);
  const layers = useStudio((studio) => studio.view.layers);
  const scroll = useRef<HTMLDivElement>(null);
  const { rows, rest, stop, setActive, focusRow } = useRows(scroll, names);
  const { widths, total } = useMemo(
    () =>
      columnWidths(
        columns,
        layers.map(({ name }) => name),
      ),
    [columns, layers],
  );
  const onKeyDown = useTableKeys(names, focusRow);
  const onClick = useRowClicks();
  return (
    <div className="layers-scroll" ref={scroll}>
      <table className="grid layers" style={{ minWidth: total }} aria-rowcount={names.length + 1}>
        <caption className="visually-hidden">Layers</caption>
        <Columns columns={columns} widths={widths} />
        <LayersHead columns={columns} />
        <tbody
          onClick={onClick}
          onKeyDown={onKeyDown}
          onFocus={({ target }) => target.dataset.mark !== undefined && setActive(target.dataset.mark)}
          // Shift and a click would select text.
          onMouseDown={(event) => event.shiftKey && event.preventDefault()}
        >
          {rows.map(({ index, gap }) => {
            const row = data[index];
            return row === undefined ? null : (
              <Fragment key={row.layer.name}>
                <Gap rows={gap} />
                <LayerRow row={row} columns={columns} index={index} isStop={index === stop} />
              </Fragment>
            );
          })}
          <Gap rows={rest} />
        </tbody>
      </table>
      {data.length === 0 && <NothingPasses />}
    </div>
  );
}

/** One row per layer that can be equalized: what was chosen and decided, why, and what it brought. */
export function LayersTable() {
  const isEmpty = useStudio((studio) => studio.view.layers.length === 0);
  if (isEmpty) return <p className="empty">This model has no Linear layer or convolution to equalize.</p>;
  return (
    <div className="layers-panel">
      <LayersBar />
      <Rows />
    </div>
  );
}
