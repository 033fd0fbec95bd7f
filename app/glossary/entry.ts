/** A term as the page uses it. */
export interface Term {
  readonly id: string;
  readonly term: string;
  /** Other forms in which it stands in a text. */
  readonly also: readonly string[];
  /** What it is called in PyTorch; empty where PyTorch has no name of its own. */
  readonly pytorch: string;
  readonly text: string;
}

export const term = (
  id: string,
  name: string,
  pytorch: string,
  text: string,
  also: readonly string[] = [],
): Term => ({
  id,
  term: name,
  pytorch,
  text,
  also,
});
