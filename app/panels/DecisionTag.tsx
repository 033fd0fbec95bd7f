import type { Decision } from '../../src/index';

const MEANING: { readonly [D in Decision]: string } = {
  fold: 'The inverse scale went into the layer before: no cost at run time.',
  mul: 'A multiplication was inserted in front of the layer.',
  skip: 'The layer was left as it is.',
};

/** How a layer was equalized, in a word. */
export function DecisionTag({ decision }: { decision: Decision }) {
  return (
    <span className={`tag ${decision}`} title={MEANING[decision]}>
      {decision}
    </span>
  );
}
