import { memo } from 'react';
import { useStudio } from '../../store/context';
import type { LayerRow as Row } from '../../store/layersTable/layerRow';
import type { LayerColumn } from '../../store/studio';
import { LayerMark } from './LayerMark';
import { LAYER_CELLS } from './layerCells';

interface LayerRowProps {
  readonly row: Row;
  readonly columns: readonly LayerColumn[];
  /** From 0, among the rows that pass the filter. */
  readonly index: number;
  /** Tab stops at its mark. */
  readonly isStop: boolean;
}

/** One layer: what is chosen for it, what was decided, why, and what it brought. */
export const LayerRow = memo(function LayerRow({ row, columns, index, isStop }: LayerRowProps) {
  const { name } = row.layer;
  const isCurrent = useStudio((studio) => studio.selected === name);
  const isMarked = useStudio((studio) => studio.marked.includes(name));
  return (
    <tr
      data-layer={name}
      data-marked={isMarked}
      aria-current={isCurrent || undefined}
      aria-rowindex={index + 2}
    >
      <td>
        <LayerMark layer={name} isMarked={isMarked} isStop={isStop} />
      </td>
      {columns.map((column) => {
        const { isText = false, className, full, cell } = LAYER_CELLS[column];
        const classes = [isText ? 'text' : '', className?.(row) ?? ''].filter((one) => one !== '');
        return (
          <td key={column} className={classes.join(' ') || undefined} title={full?.(row)}>
            {cell(row)}
          </td>
        );
      })}
    </tr>
  );
});
