import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../features/is-day.js';
import type { RunStatus } from './score-runs.repository.js';

export class ScoreRunRequestDto {
  /** The UTC day at whose end the accounts are looked at, also one long past; today means now. Default: today. */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}

export class ScoreRunDto {
  /** @example '12' */
  id: string;
  /** @example '2024-12-31' */
  asOf: string;
  /** @example 'succeeded' */
  status: RunStatus;
  /** Accounts looked at so far. */
  done: number;
  /** Null until it has begun. */
  total: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why it failed. */
  error: string | null;
}

export class ScoreRunRequestedDto {
  /** @example '12' */
  id: string;
  /** @example 'queued' */
  status: RunStatus;
}
