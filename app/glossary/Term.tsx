import { Tooltip } from '@mantine/core';
import { Fragment, type ReactElement, type ReactNode } from 'react';
import { findTerms } from './findTerms';
import { termOf } from './terms';

interface TermWordsProps {
  /** Of the glossary; without it the hint alone is said. */
  readonly id?: string | undefined;
  /** What it means in this place, said before what it means anywhere. */
  readonly hint?: string | undefined;
}

/** What a tooltip says of a term. */
export function TermWords({ id, hint }: TermWordsProps) {
  const found = id === undefined ? null : termOf(id);
  return (
    <>
      {hint}
      {found !== null && (
        <span className={hint === undefined ? undefined : 'term-text'}>
          {hint !== undefined && <b>{found.term}: </b>}
          {found.text}
        </span>
      )}
      {found !== null && found.pytorch !== '' && (
        <span className="term-pytorch">PyTorch: {found.pytorch}</span>
      )}
    </>
  );
}

/**
 * Explains a control that a term of the glossary names, such as the head of a column that sorts: on hover, on focus and
 * on touch, and to screen readers as the control's description. `children` is that control; without words it is alone.
 */
export function TermTip({ id, hint, children }: TermWordsProps & { readonly children: ReactElement }) {
  if (id === undefined && hint === undefined) return children;
  return (
    <Tooltip
      label={<TermWords id={id} hint={hint} />}
      events={{ hover: true, focus: true, touch: true }}
      openDelay={250}
      multiline
      maw={340}
      position="bottom-start"
    >
      {children}
    </Tooltip>
  );
}

/** A term of the glossary where it stands, in reach of the keyboard too. */
export function Term({ id, hint, children }: { id: string; hint?: string; children?: ReactNode }) {
  return (
    <TermTip id={id} hint={hint}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be in reach of the keyboard */}
      <dfn className="term" tabIndex={0}>
        {children ?? termOf(id).term}
      </dfn>
    </TermTip>
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
