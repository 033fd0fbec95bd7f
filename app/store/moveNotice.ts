import type { BackendMove } from '../engine/api';

/** What is told of work that goes on elsewhere, or again. */
export interface MoveNotice {
  readonly title: string;
  readonly text: string;
}

const KEPT = 'what was done before stays.';
const TITLES = {
  lost: 'The GPU was lost',
  reopened: 'The GPU was lost while nothing ran',
  refused: 'The GPU refused the work',
} as const;

export const sentence = (text: string): string => text.trim().replace(/\.?$/, '.');

/** The words of an alert: what happened, what becomes of the work, and the way back to the GPU where it is left. */
export function moveNotice(
  kind: Exclude<BackendMove['kind'], 'idle' | 'unopened'>,
  { backend, reason }: Pick<BackendMove, 'backend' | 'reason'>,
): MoveNotice {
  const what = sentence(reason);
  const isOnGpu = backend.name === 'webgpu';
  if (kind === 'freed')
    return {
      title: isOnGpu ? 'The GPU ran out of memory' : 'Memory ran out',
      text: `${what} Weights kept for later steps were freed. What was running begins again on ${backend.label}; ${KEPT}`,
    };
  const work = kind === 'reopened' ? 'What begins now runs' : 'What was running begins again';
  const back = isOnGpu ? '' : ' Reload the page to use the GPU again.';
  return { title: TITLES[kind], text: `${what} ${work} on ${backend.label}; ${KEPT}${back}` };
}
