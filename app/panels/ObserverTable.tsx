import type { NodeDetails, ObserverView } from '../../src/index';
import { Term, Termed } from '../glossary/Term';
import { formatNumber } from './format';

const ROWS: readonly { readonly name: string; readonly of: (observer: ObserverView) => number }[] = [
  { name: 'min', of: (observer) => observer.min },
  { name: 'max', of: (observer) => observer.max },
  { name: 'scale', of: (observer) => observer.scale },
  { name: 'zero point', of: (observer) => observer.zeroPoint },
];

/** An observer's range and quantization parameters, before equalization and after. */
export function ObserverTable({ observer }: { observer: NonNullable<NodeDetails['observer']> }) {
  const { before, after } = observer;
  return (
    <table className="grid observer">
      <thead>
        <tr>
          <th className="text">
            <Term id="observer">observed</Term>
          </th>
          <th>{after === null ? '' : 'before'}</th>
          {after !== null && <th>after</th>}
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ name, of }) => (
          <tr key={name}>
            <th className="text" scope="row">
              <Termed>{name}</Termed>
            </th>
            <td>{formatNumber(of(before))}</td>
            {after !== null && <td>{formatNumber(of(after))}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
