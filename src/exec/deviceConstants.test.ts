import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { floatTensor } from '../graph/tensor';
import {
  type ConstantLease,
  constantUses,
  dropIdleConstants,
  keepConstants,
  leaseConstant,
  ownConstant,
} from './deviceConstants';
import { openTestDevice } from './testDevice';

const LARGE = 2 ** 17;
const MB = 2 ** 20;
/** Half a megabyte. */
const large = () => floatTensor([LARGE], new Float32Array(LARGE).fill(1));

const upload = (tensor = large()) => {
  const source = tensor;
  let made = 0;
  const lease = () =>
    leaseConstant(source, 'as it is', () => {
      made++;
      return tf.tensor1d(source.data);
    });
  return { lease, source, made: () => made };
};

describe('constants on the device', () => {
  let before = 0;
  beforeAll(() => openTestDevice('cpu'));
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    keepConstants();
    expect(tf.memory().numTensors).toBe(before);
  });
  const held = () => tf.memory().numTensors - before;

  it('are made once for all who need them at the same time, and freed with the last', () => {
    const { lease, made } = upload();
    const [first, second] = [lease(), lease()];
    expect(second.tensor).toBe(first.tensor);
    expect([made(), held()]).toEqual([1, 1]);
    first.end();
    expect(held()).toBe(1);
    second.end();
    expect(held()).toBe(0);
  });

  it('outlive a tidy', () => {
    const { lease } = upload();
    const leases: ConstantLease[] = [];
    tf.tidy(() => {
      leases.push(lease());
    });
    expect(leases.map(({ tensor }) => tensor.isDisposed)).toEqual([false]);
    for (const kept of leases) kept.end();
  });

  it('stay unused while there is room, and are found again', () => {
    keepConstants(MB);
    const { lease, made } = upload();
    lease().end();
    expect(held()).toBe(1);
    lease().end();
    expect(made()).toBe(1);
  });

  it('in another form are others', () => {
    keepConstants(MB);
    const { lease, source } = upload();
    lease().end();
    const other = leaseConstant(source, 'doubled', () => tf.tensor1d(source.data.map((x) => 2 * x)));
    expect(held()).toBe(2);
    other.end();
  });

  it('go when others need the room: the one that was used last stays longest', () => {
    keepConstants(MB);
    const [a, b, c] = [upload(), upload(), upload()];
    a.lease().end();
    b.lease().end();
    a.lease().end();
    c.lease().end();
    expect(held()).toBe(2);
    a.lease().end();
    b.lease().end();
    expect([a.made(), b.made(), c.made()]).toEqual([1, 2, 1]);
  });

  it('in use count for the room, and are never freed for it', () => {
    keepConstants(MB);
    const [a, b, c] = [upload(), upload(), upload()];
    c.lease().end();
    const leases = [a.lease(), b.lease()];
    expect(held()).toBe(2);
    const third = c.lease();
    expect(leases.map(({ tensor }) => tensor.isDisposed)).toEqual([false, false]);
    for (const lease of [...leases, third]) lease.end();
    expect(held()).toBe(2);
  });

  it('that go unused through two steps are freed, whatever room there is', () => {
    keepConstants(MB);
    const [a, b] = [upload(), upload()];
    a.lease().end();
    b.lease().end();
    keepConstants(MB);
    keepConstants(MB);
    b.lease().end();
    expect(held()).toBe(2);
    keepConstants(MB);
    expect(held()).toBe(1);
    b.lease().end();
    expect([a.made(), b.made()]).toEqual([1, 1]);
  });

  it('that are small do not stay, nor those that are given back so', () => {
    keepConstants(MB);
    upload(floatTensor([2], Float32Array.of(1, 2)))
      .lease()
      .end();
    upload().lease().end(false);
    expect(held()).toBe(0);
  });

  it('of one user go with it, and make room as others do', () => {
    keepConstants(MB);
    const [a, b] = [upload(), upload()];
    a.lease().end();
    b.lease().end();
    const own = ownConstant(large(), () => tf.ones([LARGE]));
    expect(held()).toBe(2);
    own.end();
    expect(held()).toBe(1);
  });

  it('unused go when they are told to, those in use stay', () => {
    keepConstants(MB);
    const [a, b] = [upload(), upload()];
    a.lease().end();
    const used = b.lease();
    dropIdleConstants();
    expect([held(), used.tensor.isDisposed]).toEqual([1, false]);
    used.end();
    keepConstants(0);
    expect(held()).toBe(0);
  });

  it('tell of how many bytes they were, but for those that were asked for since', () => {
    keepConstants(MB);
    const [a, b] = [upload(), upload()];
    a.lease().end();
    b.lease().end();
    const moment = constantUses();
    b.lease().end();
    expect(dropIdleConstants(moment)).toBe(LARGE * 4);
    expect([held(), dropIdleConstants()]).toEqual([0, 0]);
    a.lease().end();
    b.lease().end();
    expect(dropIdleConstants()).toBe(2 * LARGE * 4);
  });

  it('that cannot be made leave nothing', () => {
    const source = large();
    const fail = () => {
      throw new Error('no memory');
    };
    expect(() => leaseConstant(source, 'as it is', fail)).toThrow('no memory');
    leaseConstant(source, 'as it is', () => tf.tensor1d(source.data)).end();
  });
});
