import { IsIn, IsOptional } from 'class-validator';
import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../features/is-day.js';
import { type Step, STEPS } from './days-between.js';
import type { RunStatus } from '../queue/queued-run.dto.js';

export class ScoreRunRequestDto {
  /** The UTC day at whose end the accounts are looked at, also one long past; today means now. Default: today. */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;

  /**
   * The first of several days; together with `to` and `every`, instead of `asOf`
   * @example '2024-01-31'
   */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /**
   * The last day there may be
   * @example '2024-12-31'
   */
  @MayBeAbsent()
  @IsDay()
  to?: string;

  /** From one day to the next; from the end of a month on, `month` keeps to month-ends */
  @IsOptional()
  @IsIn(STEPS)
  every?: Step;
}

export class ScoreRunRequestedDto {
  /** @example '12' */
  id: string;
  /** @example 'queued' */
  status: RunStatus;
}
