import { comparedDifferences, showsTwo } from '../store/compare/sides';
import type { Studio } from '../store/studio';
import type { Action } from './action';

const unavailable = (studio: Studio): string | null => {
  if (!showsTwo(studio)) return 'Show two graphs first: Before/after';
  return comparedDifferences(studio).length === 0 ? 'The two graphs do not differ' : null;
};

/** Jumping through what differs between two graphs. */
export const COMPARE_ACTIONS: readonly Action[] = [
  {
    id: 'next-difference',
    title: 'Next difference',
    group: 'graph',
    keywords: ['compare', 'before', 'after'],
    keys: ['n'],
    unavailable,
    run: (studio) => studio.nextDifference(),
  },
  {
    id: 'previous-difference',
    title: 'Previous difference',
    group: 'graph',
    keywords: ['compare', 'before', 'after'],
    keys: ['p'],
    unavailable,
    run: (studio) => studio.previousDifference(),
  },
];
