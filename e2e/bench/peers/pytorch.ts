import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MLP } from '../models/mlp';
import type { Asked } from './missing';

export interface TorchTimes {
  readonly version: string;
  readonly steps: Readonly<Record<'prepare' | 'calibrate' | 'equalize', number>>;
  readonly total: number;
}

const SCRIPT = fileURLToPath(new URL('./mlp.py', import.meta.url));
const PYTHON = process.env.PYTHON ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');
const HOW = 'apt-get install python3-torch libopenblas0-pthread; PYTHON names another interpreter';
const run = promisify(execFile);

/**
 * Times of PyTorch on the bench's MLP, in ms. OpenBLAS takes all cores by itself: with one thread of PyTorch's own it is
 * fastest here, so that is what the studio is measured against.
 */
export async function askPytorch(runs: number): Promise<Asked<TorchTimes>> {
  const { width, hidden, pairs, rows, batch } = MLP;
  const numbers = [width, hidden, pairs, rows, batch, runs, 1];
  try {
    await run(PYTHON, ['-c', 'import torch']);
  } catch {
    return { missing: `PyTorch is not installed (${HOW})` };
  }
  const { stdout } = await run(PYTHON, [SCRIPT, ...numbers.map(String)]);
  return { value: JSON.parse(stdout) as TorchTimes };
}
