import { Injectable } from '@nestjs/common';

@Injectable()
export class RunPace {
  /** Accounts per transaction; it blocks writes of their facts, so it must be short. */
  readonly chunk: number = 500;
  /** Another instance takes over a run without a heartbeat for this long. */
  readonly leaseMs: number = 30_000;
  readonly beatMs: number = 10_000;
}
