import type { ReactNode } from 'react';
import type { Decision, NodeChange, NodeView } from '../../../src/index';
import { formatCount } from './count';

/** What stands in a closed group, in numbers. */
export interface Tally {
  readonly changes: Readonly<Record<NodeChange, number>>;
  readonly decisions: Readonly<Record<Decision, number>>;
  readonly failed: number;
  readonly differs: number;
  /** What the step did to the group as a whole: the one thing that it did to all, or `changed`. */
  readonly change: NodeChange;
}

function wholeChange(changes: Tally['changes'], count: number): NodeChange {
  if (changes.same === count) return 'same';
  if (changes.added === count) return 'added';
  return changes.removed === count ? 'removed' : 'changed';
}

export function tallyOf(
  members: readonly NodeView[],
  decisionOf: ReadonlyMap<string, Decision>,
  failedNodes: ReadonlySet<string>,
  differsAt: (name: string) => boolean,
): Tally {
  const changes = { added: 0, removed: 0, changed: 0, same: 0 };
  const decisions = { fold: 0, mul: 0, skip: 0 };
  let [failed, differs] = [0, 0];
  for (const { name, change } of members) {
    changes[change]++;
    const decision = decisionOf.get(name);
    if (decision !== undefined) decisions[decision]++;
    if (failedNodes.has(name)) failed++;
    if (differsAt(name)) differs++;
  }
  return { changes, decisions, failed, differs, change: wholeChange(changes, members.length) };
}

const CHANGE_SIGNS = [
  ['added', '+'],
  ['removed', '−'],
  ['changed', '~'],
] as const;
const DECISIONS = ['fold', 'mul', 'skip'] as const;

/** The counts that are not zero, in words. */
export const tallyWords = ({ changes, decisions, failed }: Tally): readonly string[] => [
  ...CHANGE_SIGNS.flatMap(([change]) => (changes[change] > 0 ? [`${changes[change]} ${change}`] : [])),
  ...DECISIONS.flatMap((decision) => (decisions[decision] > 0 ? [`${decisions[decision]} ${decision}`] : [])),
  ...(failed > 0 ? [`${failed} failed`] : []),
];

/** The lower line of a closed group. */
export function groupSummary({ changes, decisions, failed }: Tally, count: number): ReactNode {
  return (
    <>
      <span className="flow-what">
        {failed > 0 ? <b className="group-failed">✕ {failed} failed</b> : `${formatCount(count)} nodes`}
      </span>
      <span className="group-counts">
        {CHANGE_SIGNS.map(
          ([change, sign]) =>
            changes[change] > 0 && (
              <b key={change} className={`count-${change}`}>
                {sign}
                {formatCount(changes[change])}
              </b>
            ),
        )}
        {DECISIONS.map(
          (decision) =>
            decisions[decision] > 0 && (
              <span key={decision}>
                {formatCount(decisions[decision])} {decision}
              </span>
            ),
        )}
      </span>
    </>
  );
}
