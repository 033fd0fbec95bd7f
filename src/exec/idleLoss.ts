import type { GpuFailure } from '../webgpu/errors';
import { knownLoss, onLoss } from '../webgpu/queue';

/** Tells, once, of a GPU device that is lost while nothing runs on it; under work, whoever runs that hears of it. */
export class IdleLoss {
  private working = 0;
  private isTold = false;

  constructor(private readonly tell: (failure: GpuFailure) => void) {}

  /** From now on, of the device that is the current one. */
  watch(): void {
    this.isTold = false;
    onLoss(() => this.look());
  }

  /** Work that deals with a loss by itself. What it leaves lost, as when it was cancelled, is told when it ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.working += 1;
    try {
      return await work();
    } finally {
      this.working -= 1;
      this.look();
    }
  }

  private look(): void {
    const failure = knownLoss();
    if (!failure || this.working > 0 || this.isTold) return;
    this.isTold = true;
    this.tell(failure);
  }
}
