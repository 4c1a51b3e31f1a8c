import { Injectable } from '@nestjs/common';

@Injectable()
export class RunPace {
  /** Accounts in one transaction: it holds back facts of theirs, so it must be short. */
  readonly chunk: number = 500;
  /** After so long without a sign of life a run is taken up by another instance. */
  readonly leaseMs: number = 30_000;
  readonly beatMs: number = 10_000;
}
