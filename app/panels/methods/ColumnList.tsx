const SHOWN = 3;

/** Column numbers: `3, 17, 40 and 12 more`, which opens to all of them. */
export function ColumnList({ columns, label }: { columns: readonly number[]; label: string }) {
  if (columns.length === 0) return '—';
  if (columns.length <= SHOWN + 1) return columns.join(', ');
  const first = columns.slice(0, SHOWN).join(', ');
  return (
    <details className="column-list">
      <summary aria-label={`${columns.length} ${label}: ${first} and ${columns.length - SHOWN} more`}>
        {first} and {columns.length - SHOWN} more
      </summary>
      {columns.slice(SHOWN).join(', ')}
    </details>
  );
}
