import { TermTip } from '../glossary/Term';
import { nextOrder, type Order } from '../store/sortRows';

interface SortHeadProps {
  readonly id: string;
  readonly title: string;
  readonly hint?: string | undefined;
  /** The term of the glossary that the title is, or holds. */
  readonly term?: string | undefined;
  /** Text stands left, figures right. */
  readonly isText?: boolean;
  /** Which way the first press sorts: what is looked for first. */
  readonly first: Order['direction'];
  readonly order: Order | null;
  readonly onSort: (order: Order | null) => void;
}

const ARROWS = { ascending: '▴', descending: '▾' } as const;

/** The head of a column that sorts: a plain button, and the direction said to screen readers. */
export function SortHead({ id, title, hint, term, isText = false, first, order, onSort }: SortHeadProps) {
  const direction = order?.column === id ? order.direction : null;
  return (
    <th scope="col" className={isText ? 'text' : undefined} aria-sort={direction ?? 'none'}>
      <TermTip id={term} hint={hint}>
        <button type="button" className="sort" onClick={() => onSort(nextOrder(order, id, first))}>
          {term === undefined ? title : <span className="term">{title}</span>}
          <span aria-hidden className="sort-arrow">
            {direction === null ? '' : ARROWS[direction]}
          </span>
        </button>
      </TermTip>
    </th>
  );
}
