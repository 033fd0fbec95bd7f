import { expect, it, vi } from 'vitest';
import { atOnce, type InParts, inTasks } from './inParts';

/** Takes 10 ms a part by a clock that only it moves. */
function* slowly(parts: number, seen: string[], clock: { now: number }): InParts<string> {
  for (let part = 1; part <= parts; part++) {
    clock.now += 10;
    seen.push(`part ${part}`);
    yield;
  }
  return 'result';
}

it('does all of it in one task where it is wanted at once', () => {
  const seen: string[] = [];
  expect(atOnce(slowly(3, seen, { now: 0 }))).toBe('result');
  expect(seen).toEqual(['part 1', 'part 2', 'part 3']);
});

it('lets other tasks come between, once it has taken its time', async () => {
  const clock = { now: 0 };
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
  const seen: string[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => seen.push('another task');
  try {
    const result = inTasks(slowly(4, seen, clock));
    port2.postMessage(null);
    expect(await result).toBe('result');
    expect(seen.slice(0, 2)).toEqual(['part 1', 'part 2']);
    expect(seen.indexOf('another task')).toBeLessThan(seen.indexOf('part 4'));
  } finally {
    now.mockRestore();
    port1.close();
  }
});

it('fails with what its work throws', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first part
  function* failing(): InParts<never> {
    throw new Error('broken');
  }
  await expect(inTasks(failing())).rejects.toThrow('broken');
});

it('is given up where it is not wanted any more', async () => {
  const clock = { now: 0 };
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
  const seen: string[] = [];
  try {
    expect(await inTasks(slowly(9, seen, clock), () => seen.length < 3)).toBeNull();
    expect(seen.length).toBeLessThan(9);
  } finally {
    now.mockRestore();
  }
});
