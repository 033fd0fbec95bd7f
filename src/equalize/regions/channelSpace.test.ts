import { describe, expect, it } from 'vitest';
import { GraphError } from '../../graph/errors';
import { nodeName } from '../../graph/ids';
import { ChannelSpace } from './channelSpace';

const space = () => {
  const made = new ChannelSpace<string>();
  const a = made.site(nodeName('a'), -1, 3).site;
  const b = made.site(nodeName('b'), -1, 3).site;
  return { made, a, b };
};

describe('factors of channels', () => {
  it('are free and different at first', () => {
    const { made, a, b } = space();
    expect(new Set([...made.roots(a), ...made.roots(b)]).size).toBe(6);
    expect(made.pinOf(a.first)).toBeNull();
  });

  it('of one value and axis are one row; of another axis another', () => {
    const { made, a } = space();
    expect(made.site(nodeName('a'), -1, 3)).toEqual({ site: a, isNew: false });
    expect(made.site(nodeName('a'), -2, 3).isNew).toBe(true);
    expect(made.allSites.map(({ value, axis }) => `${value} ${axis}`)).toEqual(['a -1', 'b -1', 'a -2']);
  });

  it('are equal when tied, over any number of steps', () => {
    const { made, a, b } = space();
    made.unify(a.first, b.first);
    made.unify(b.first, a.first + 1);
    expect(made.roots(a)[0]).toBe(made.roots(a)[1]);
    expect(made.roots(b)[0]).toBe(made.roots(a)[0]);
    expect(made.roots(b)[1]).not.toBe(made.roots(a)[0]);
  });

  it('are pinned together, whichever came first, with the first reason', () => {
    const { made, a, b } = space();
    made.pin(b, 'late value');
    made.unify(a.first, b.first);
    made.pin(a, 'early value');
    expect(made.pinOf(a.first)).toBe('late value');
    expect(made.pinOf(a.first + 1)).toBe('early value');
    expect(made.pinOf(b.first + 2)).toBe('late value');
  });
});

describe('more channels than memory has room for', () => {
  const limit = 2 ** 26;
  const refusalOf = (space: ChannelSpace<string>, channels: number): unknown => {
    try {
      return space.site(nodeName('b'), -1, channels);
    } catch (error) {
      return error;
    }
  };

  it('are refused with the value before room is made for them', () => {
    const space = new ChannelSpace<string>();
    space.site(nodeName('a'), -1, 1);
    const error = refusalOf(space, limit);
    expect(error).toBeInstanceOf(GraphError);
    expect(error).toMatchObject({
      node: 'b',
      message: expect.stringContaining("67,108,864 channels with 'b' (67,108,864)"),
    });
    expect(space.size).toBe(1);
    expect(refusalOf(space, 2)).toMatchObject({ isNew: true });
  });
});
