import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Tensor } from '../graph/tensor';

/*
 * Constants on the device, by the tensors of the host that they are made of: models that share a tensor, as those before and
 * behind a step do, share it on the device too. One that nobody uses any more may stay for the next steps; see keepConstants.
 */

/** tfjs has all of the studio's element types in 4 bytes, but for bool. */
const BYTES = 4;
/** Smaller ones, biases and scales, are made again in no time. */
const SMALL_BYTES = 2 ** 18;

export const bytesOnDevice = ({ shape }: Pick<Tensor, 'shape'>): number => sizeOf(shape) * BYTES;
export const isLargeConstant = (tensor: Pick<Tensor, 'shape'>): boolean =>
  bytesOnDevice(tensor) > SMALL_BYTES;

/** A constant for as long as somebody needs it. */
export interface ConstantLease {
  readonly tensor: tf.Tensor;
  /** Gives it back, once. A shared one may stay on the device for the next one who asks, unless `stays` is false. */
  end(stays?: boolean): void;
}

interface Entry {
  readonly tensor: tf.Tensor;
  readonly bytes: number;
  leases: number;
  /** The step that used it last. */
  lastUsed: number;
  /** When it was last asked for, as `constantUses` counts. */
  lastUse: number;
  /** What it is known by is forgotten. */
  readonly forget: () => void;
}

let budget = 0;
let bytesHeld = 0;
const shared = new WeakMap<Tensor, Map<string, Entry>>();
/** Those that nobody uses, the one that was used last at the end. */
const idle = new Set<Entry>();

/** What was made for a step that has run again since is used no more, however much room there is. */
const KEPT_STEPS = 2;
let step = 0;

/**
 * At the start of a step: how many bytes of constants, used or not, may be on the device for unused ones to stay; none unless
 * told. Those that were not used for longest go first, at once where there are more, and those that went unused through two
 * whole steps. Small ones never stay.
 */
export function keepConstants(bytes = 0): void {
  budget = bytes;
  step++;
  for (const entry of idle) if (step - entry.lastUsed > KEPT_STEPS) drop(entry);
  makeRoom(0);
}

let uses = 0;
/** How often constants were asked for so far: a moment, as `dropIdleConstants` wants it. */
export const constantUses = (): number => uses;

/**
 * Frees the constants that nobody uses: before the device is replaced, and when its memory has run out. Returns the bytes of
 * those that nobody asked for since `moment`: work that began then and begins again would find so much more room. Of what it left
 * itself it would need as much again.
 */
export function dropIdleConstants(moment = uses): number {
  let bytes = 0;
  for (const entry of idle) {
    if (entry.lastUse <= moment) bytes += entry.bytes;
    drop(entry);
  }
  return bytes;
}

function makeRoom(bytes: number): void {
  for (const entry of idle) {
    if (bytesHeld + bytes <= budget) return;
    drop(entry);
  }
}

function drop(entry: Entry): void {
  idle.delete(entry);
  bytesHeld -= entry.bytes;
  entry.forget();
  entry.tensor.dispose();
}

/**
 * What `make` makes of a tensor on the current backend, at its first use by anybody. `form` tells several of one tensor
 * apart, and must say everything besides the tensor that they depend on.
 */
export function leaseConstant(source: Tensor, form: string, make: () => tf.Tensor): ConstantLease {
  const key = `${tf.getBackend()}: ${form}`;
  const forms = shared.get(source) ?? new Map<string, Entry>();
  shared.set(source, forms);
  const entry = forms.get(key) ?? made(source, make, () => forms.delete(key));
  forms.set(key, entry);
  return lease(entry);
}

/** The same for one user alone: it is freed when it is given back. */
export const ownConstant = (source: Tensor, make: () => tf.Tensor): ConstantLease => {
  const { tensor, end } = lease(made(source, make, () => {}));
  return { tensor, end: () => end(false) };
};

function made(source: Tensor, make: () => tf.Tensor, forget: () => void): Entry {
  makeRoom(bytesOnDevice(source));
  const tensor = tf.keep(make());
  const bytes = bytesOnDevice(tensor);
  bytesHeld += bytes;
  // Another one that it was made of may have gone idle meanwhile.
  makeRoom(0);
  return { tensor, bytes, leases: 0, lastUsed: step, lastUse: uses, forget };
}

function lease(entry: Entry): ConstantLease {
  entry.leases++;
  entry.lastUse = ++uses;
  idle.delete(entry);
  return { tensor: entry.tensor, end: (stays = true) => endLease(entry, stays) };
}

function endLease(entry: Entry, stays: boolean): void {
  entry.leases--;
  entry.lastUsed = step;
  if (entry.leases > 0) return;
  if (!stays || bytesHeld > budget || !isLargeConstant(entry.tensor)) drop(entry);
  else idle.add(entry);
}
