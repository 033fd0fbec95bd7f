import * as tf from '@tensorflow/tfjs-core';

/**
 * Bytes of a model's constants that stay on the device between runs. A larger model uploads them node by node, anew
 * with every batch: slower, but a step holds up to three models side by side, WASM's memory never shrinks, and a tab
 * has 4 GB at most. A GPU has memory of its own.
 */
export const constantBudget = (): number => budgets.get(tf.getBackend()) ?? 2 ** 28;

const budgets: ReadonlyMap<string, number> = new Map([['webgpu', 2 ** 30]]);
