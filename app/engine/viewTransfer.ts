import * as Comlink from 'comlink';
import type { StudioView } from '../../src/index';
import { inTasks } from '../inParts';
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

/** Unpacks one view after the other, each in as many tasks as it takes. */
class Unpacking {
  readonly #receiver = new StepReceiver();
  #last: Promise<unknown> = Promise.resolve();

  unpack(view: PackedView): Promise<StudioView> {
    const unpacked = this.#last.then(() => inTasks(this.#receiver.unpack(view)));
    // Whoever asked for a view hears of its failure.
    this.#last = unpacked.catch(() => undefined);
    return unpacked;
  }
}

/**
 * Lets every answer with a view of the work cross the worker's border as `stepViews` packs it. For both ends, once. Gives what the
 * worker calls where a message could not be sent.
 */
export function transferViews(): () => void {
  const sender = new StepSender(crypto.randomUUID());
  const receiver = new Unpacking();
  // Comlink waits for a promise that a handler gives.
  const handler: Comlink.TransferHandler<Answer | Promise<Answer>, Packed> = {
    canHandle: isAnswer,
    serialize: (answer) => {
      if (!isAnswer(answer)) throw new Error('internal: an answer was sent before it was there');
      const { value } = answer;
      if (isView(value)) return [{ view: sender.pack(value), project: null }, []];
      const { view, ...project } = value;
      return [{ view: sender.pack(view), project }, []];
    },
    deserialize: async ({ view, project }) => {
      const unpacked = await receiver.unpack(view);
      return { ok: true, value: project === null ? unpacked : { ...project, view: unpacked } };
    },
  };
  Comlink.transferHandlers.set('view', handler);
  return () => sender.forget();
}
