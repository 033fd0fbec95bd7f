import * as Comlink from 'comlink';
import type { StudioView } from '../../src/index';
import type { OpenedProject } from './projects/api';
import { type PackedView, StepReceiver, StepSender } from './stepViews';

type Answer = { readonly ok: true; readonly value: StudioView | OpenedProject };
/** The view, and what came around it. */
type Packed = { readonly view: PackedView; readonly project: Omit<OpenedProject, 'view'> | null };

const isView = (value: unknown): value is StudioView =>
  typeof value === 'object' && value !== null && 'steps' in value && 'layers' in value && 'state' in value;

const isAnswer = (value: unknown): value is Answer => {
  if (typeof value !== 'object' || value === null || !('ok' in value) || !('value' in value)) return false;
  const { value: held } = value;
  return isView(held) || (typeof held === 'object' && held !== null && 'view' in held && isView(held.view));
};

/**
 * Lets every answer with a view of the work cross the worker's border as `stepViews` packs it. For both ends, once. Gives what the
 * worker calls where a message could not be sent.
 */
export function transferViews(): () => void {
  const sender = new StepSender(crypto.randomUUID());
  const receiver = new StepReceiver();
  const handler: Comlink.TransferHandler<Answer, Packed> = {
    canHandle: isAnswer,
    serialize: ({ value }) => {
      if (isView(value)) return [{ view: sender.pack(value), project: null }, []];
      const { view, ...project } = value;
      return [{ view: sender.pack(view), project }, []];
    },
    deserialize: ({ view, project }) => {
      const unpacked = receiver.unpack(view);
      return { ok: true, value: project === null ? unpacked : { ...project, view: unpacked } };
    },
  };
  Comlink.transferHandlers.set('view', handler);
  return () => sender.forget();
}
