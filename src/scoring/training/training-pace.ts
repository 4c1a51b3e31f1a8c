import { Injectable } from '@nestjs/common';

@Injectable()
export class TrainingPace {
  /** After so long without a sign of life a training is taken up by another instance. */
  readonly leaseMs: number = 30_000;
  /** How often progress is told. */
  readonly beatMs: number = 1_000;
}
