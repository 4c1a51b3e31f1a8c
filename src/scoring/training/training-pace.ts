import { Injectable } from '@nestjs/common';

@Injectable()
export class TrainingPace {
  /** Another instance takes over a training without a heartbeat for this long. */
  readonly leaseMs: number = 30_000;
  /** How often progress is reported. */
  readonly beatMs: number = 1_000;
}
