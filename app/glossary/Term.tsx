import { Tooltip } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { findTerms } from './findTerms';
import { termOf } from './terms';

/** A term of the glossary where it stands: what it means is said on hover, on focus and on touch. */
export function Term({ id, children }: { id: string; children?: ReactNode }) {
  const { term, text, pytorch } = termOf(id);
  return (
    <Tooltip
      label={
        <>
          {text}
          {pytorch !== '' && <span className="term-pytorch">PyTorch: {pytorch}</span>}
        </>
      }
      events={{ hover: true, focus: true, touch: true }}
      openDelay={250}
      multiline
      maw={320}
      position="bottom-start"
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be in reach of the keyboard */}
      <dfn className="term" tabIndex={0}>
        {children ?? term}
      </dfn>
    </Tooltip>
  );
}

/** A sentence in which each term of the glossary explains itself. */
export function Termed({ children }: { children: string }) {
  return findTerms(children).map(({ text, term }, index) =>
    // The sentence is fixed: a stretch has no other name than its place.
    term === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <Fragment key={index}>{text}</Fragment>
    ) : (
      <Term key={term.id} id={term.id}>
        {text}
      </Term>
    ),
  );
}
