import { beforeEach, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { Studio, StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { type DrawnPart, Turns, type Watchers } from './turns';

let store: StudioStore;
let watchers: Watchers;
let tasks: (() => void)[];
let turns: Turns;
let seen: string[];

const nextTask = () => tasks.shift()?.();

/** A part that writes down what it sees. */
function part(id: string, turn: number): DrawnPart {
  const drawn = createStore<Studio>()(() => store.getState());
  drawn.subscribe(({ status }) => seen.push(`${id}: ${status}`));
  return { id, turn, drawn };
}

beforeEach(() => {
  seen = [];
  tasks = [];
  watchers = 'none';
  store = createStudioStore(new FakeEngine(), fakeSamples);
  turns = new Turns(
    store,
    () => watchers,
    (run) => tasks.push(run),
  );
});

it('draws one part a task, in their order', () => {
  turns.add(part('steps', 2));
  turns.add(part('graph', 1));
  store.setState({ status: 'done' });
  expect(seen).toEqual([]);
  nextTask();
  expect(seen).toEqual(['graph: done']);
  nextTask();
  expect(seen).toEqual(['graph: done', 'steps: done']);
  expect(tasks).toEqual([]);
});

it('draws the newest state, once', () => {
  turns.add(part('graph', 1));
  store.setState({ status: 'first' });
  store.setState({ status: 'second' });
  nextTask();
  nextTask();
  expect(seen).toEqual(['graph: second']);
});

it('all parts see one state before any sees the next: a stream of changes keeps none from its turn', () => {
  turns.add(part('graph', 1));
  turns.add(part('steps', 2));
  store.setState({ status: 'first' });
  nextTask();
  store.setState({ status: 'second' });
  nextTask();
  expect(seen).toEqual(['graph: first', 'steps: first']);
  nextTask();
  nextTask();
  expect(seen.slice(2)).toEqual(['graph: second', 'steps: second']);
  expect(tasks).toEqual([]);
});

it('a part that is pressed meanwhile does not go back to what the others are still to see', () => {
  turns.add(part('graph', 1));
  turns.add(part('steps', 2));
  store.setState({ status: 'first' });
  nextTask();
  watchers = (id) => id === 'steps';
  store.setState({ status: 'pressed' });
  nextTask();
  nextTask();
  expect(seen).toEqual(['graph: first', 'steps: pressed', 'graph: pressed']);
});

it('draws the part that was pressed at once, and the others in their turns', () => {
  turns.add(part('graph', 1));
  turns.add(part('steps', 2));
  watchers = (id) => id === 'steps';
  store.setState({ status: 'pressed' });
  expect(seen).toEqual(['steps: pressed']);
  nextTask();
  expect(seen).toEqual(['steps: pressed', 'graph: pressed']);
});

it('draws all parts at once for what is pressed outside of them', () => {
  turns.add(part('graph', 1));
  turns.add(part('steps', 2));
  watchers = () => false;
  store.setState({ status: 'dialog' });
  expect(seen).toEqual(['graph: dialog', 'steps: dialog']);
  expect(tasks).toEqual([]);
});

it('a part that comes late has what happened before it came, and one that has gone sees nothing', () => {
  const late = part('graph', 1);
  store.setState({ status: 'early' });
  const leave = turns.add(late);
  expect(seen).toEqual(['graph: early']);
  store.setState({ status: 'more' });
  leave();
  nextTask();
  store.setState({ status: 'gone' });
  expect(seen).toEqual(['graph: early']);
});
