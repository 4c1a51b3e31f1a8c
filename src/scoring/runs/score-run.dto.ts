import { IsIn, IsOptional } from 'class-validator';
import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../features/is-day.js';
import { type Step, STEPS } from './days-between.js';
import type { RunStatus } from '../queue/queued-run.dto.js';

export class ScoreRunRequestDto {
  /** Score accounts as of the end of this UTC day, which may be in the past; today means now. Default: today. */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;

  /**
   * First day of a range. Use it with `to` and `every`, instead of `asOf`
   * @example '2024-01-31'
   */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /**
   * Last possible day of the range
   * @example '2024-12-31'
   */
  @MayBeAbsent()
  @IsDay()
  to?: string;

  /** Step between days. If `from` is a month-end, `month` steps to month-ends */
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
