import type { Explanation, Form, NodeState, NodeView, Playback, StepName } from '../../../src/index';

/* What the fake engine answers about changes: `x → fc` gets an observer in between, in two changes. */

const state = (name: string, inputs: readonly string[], change: NodeView['change'] = 'same'): NodeState => ({
  view: {
    name,
    opcode: 'call_module',
    role: 'op',
    type: 'Linear',
    detail: '',
    shape: '',
    line: `%${name}`,
    change,
  },
  inputs,
});

export const fakePlayback = (step: StepName, form: Form): Playback => ({
  step,
  form,
  start: [state('x', []), state('fc', ['x'])],
  deltas: [
    [{ kind: 'come', state: state('observer', ['x'], 'added'), behind: 'fc' }],
    [{ kind: 'look', state: state('fc', ['observer']) }],
  ],
});

export const fakeExplanation = (step: StepName, change: number, part: number | null): Explanation => ({
  why: `change ${change} of ${step}`,
  formulas: [],
  choice: { what: 'column', count: 4, chosen: part ?? 2 },
  lines: null,
});
