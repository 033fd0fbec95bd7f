/** What the mark says to those who do not see it. */
export const DIFFERENCE_WORDS = 'Exact and PyTorch differ here';

/** On a node where the two semantics part. It lies on the node's corner: the name keeps its room. */
export function DifferenceMark() {
  return (
    <span className="flow-differs" title={`${DIFFERENCE_WORDS}: the inspector says how`} aria-hidden>
      ≠
    </span>
  );
}
