import { type HTMLAttributes, type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import { type Order, type SortKey, sortRows } from '../store/sortRows';
import { SortHead } from './SortHead';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  /** The term of the glossary that the title is, or holds. */
  readonly term?: string;
  /** Text stands left, figures right. */
  readonly isText?: boolean;
  /** Null is not known; without it the column has no order. */
  readonly sortBy?: (row: T) => SortKey;
  /** Which way the first press sorts: what is looked for first. */
  readonly first?: Order['direction'];
  readonly cell: (row: T) => ReactNode;
  readonly className?: (row: T) => string;
}

/** What a row says of itself to tests and style sheets. */
type RowProps = Pick<HTMLAttributes<HTMLTableRowElement>, 'aria-current'> & {
  readonly [attribute: `data-${string}`]: string | undefined;
};

interface SortTableProps<T> {
  readonly className: string;
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** Its key, unique in the table. */
  readonly nameOf: (row: T) => string;
  readonly rowProps: (row: T) => RowProps;
  /** A click on the row beside its controls; the same must be in reach of the keyboard inside the row. */
  readonly onRow?: (row: T) => void;
}

function Head<T>(props: {
  readonly column: Column<T>;
  readonly order: Order | null;
  readonly onSort: (order: Order | null) => void;
}) {
  const { column, order, onSort } = props;
  const {
    id,
    title,
    hint,
    term,
    isText = false,
    sortBy,
    first = isText ? 'ascending' : 'descending',
  } = column;
  // A head that says nothing is none.
  if (title === '') return <td />;
  if (sortBy === undefined)
    return (
      <th scope="col" className={isText ? 'text' : undefined} title={hint}>
        {title}
      </th>
    );
  return (
    <SortHead
      id={id}
      title={title}
      hint={hint}
      term={term}
      isText={isText}
      first={first}
      order={order}
      onSort={onSort}
    />
  );
}

/** What takes a click for itself. */
const CONTROLS = 'a, button, summary';

const isBesideControls = ({ target }: MouseEvent): boolean =>
  target instanceof Element && target.closest(CONTROLS) === null;

/** The rows in the order that was asked for last. */
function useOrder<T>(rows: readonly T[], columns: readonly Column<T>[]) {
  const [order, setOrder] = useState<Order | null>(null);
  const sorted = useMemo(() => {
    const keyOf = columns.find(({ id }) => id === order?.column)?.sortBy;
    return order === null || keyOf === undefined ? rows : sortRows(rows, keyOf, order.direction);
  }, [rows, columns, order]);
  return { order, setOrder, sorted };
}

/** A table that sorts by its columns, with plain buttons in their heads. */
export function SortTable<T>(props: SortTableProps<T>) {
  const { className, caption, columns, rows, nameOf, rowProps, onRow } = props;
  const { order, setOrder, sorted } = useOrder(rows, columns);
  return (
    <table className={`grid ${className}`}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.id} column={column} order={order} onSort={setOrder} />
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr
            key={nameOf(row)}
            {...rowProps(row)}
            onClick={onRow && ((event) => isBesideControls(event) && onRow(row))}
          >
            {columns.map(({ id, isText, cell, className: classOf }) => (
              <td key={id} className={[isText ? 'text' : '', classOf?.(row) ?? ''].join(' ').trim()}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
