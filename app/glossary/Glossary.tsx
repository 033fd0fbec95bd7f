import { useState } from 'react';
import { OverlayDialog } from '../overlays/OverlayDialog';
import type { Term } from './entry';
import { searchTerms } from './searchTerms';

function Group({ title, terms }: { title: string; terms: readonly Term[] }) {
  if (terms.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl className="glossary-terms">
        {terms.map(({ id, term, pytorch, text }) => (
          <div key={id} data-term={id}>
            <dt>{term}</dt>
            <dd>
              {text}
              {pytorch !== '' && (
                <span className="glossary-pytorch">
                  PyTorch: <code>{pytorch}</code>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** All terms of the page, and what PyTorch calls them. */
export function Glossary() {
  const [query, setQuery] = useState('');
  const groups = searchTerms(query);
  const count = groups.reduce((sum, { terms }) => sum + terms.length, 0);
  const field = (
    <input
      className="glossary-field"
      aria-label="Search the glossary"
      placeholder="Search, or PyTorch’s name"
      value={query}
      onChange={(event) => setQuery(event.currentTarget.value)}
    />
  );
  return (
    <OverlayDialog title="Glossary" className="glossary" head={field} bodyLabel="Terms">
      {groups.map((group) => (
        <Group key={group.title} {...group} />
      ))}
      <p className="dim" role="note" aria-live="polite">
        {count === 0 && `No term is called “${query}”.`}
      </p>
    </OverlayDialog>
  );
}
