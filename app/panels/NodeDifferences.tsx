import type { NodeDetails } from '../../src/index';
import { useStudio } from '../store/context';
import { differencesAt } from '../store/differences';
import { tidy } from './format';
import { SemanticsFiguresTable } from './SemanticsFiguresTable';

/** In the inspector: what Exact and PyTorch do differently at this node, and what it comes to. */
export function NodeDifferences({ details }: { details: Pick<NodeDetails, 'name' | 'step'> }) {
  const { name, step } = details;
  const differences = useStudio((studio) => differencesAt(studio.view, step, name));
  const outcome = useStudio((studio) => studio.view.comparison);
  if (differences.length === 0 || outcome?.kind !== 'compared') return null;
  const layers = [...new Set(differences.flatMap(({ layer }) => layer ?? []))];
  return (
    <section className="differences" aria-label="Exact and PyTorch">
      <h3>Exact and PyTorch</h3>
      {differences.map(({ exact, pytorch }) => (
        <div key={`${exact} ${pytorch}`} className="difference">
          <p>{tidy(exact)}</p>
          <p>{tidy(pytorch)}</p>
        </div>
      ))}
      <SemanticsFiguresTable comparison={outcome.comparison} layers={layers} />
    </section>
  );
}
