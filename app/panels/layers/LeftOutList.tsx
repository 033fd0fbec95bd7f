import type { LeftOutView } from '../../../src/index';
import { countOf } from '../../store/counting';

/** Tensors that no layer of the chain has. */
export function LeftOutList({ tensors }: { tensors: readonly LeftOutView[] }) {
  if (tensors.length === 0) return null;
  return (
    <details className="plan-left" open={tensors.some(({ isNeeded }) => isNeeded)}>
      <summary>{countOf(tensors.length, 'tensor')} left out</summary>
      <ul>
        {tensors.map(({ name, shape, reason }) => (
          <li key={name}>
            <code>{name}</code> [{shape.join(', ')}]: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
