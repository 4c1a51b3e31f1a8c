import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../../scoring/features/is-day.js';

export class HistoryQueryDto {
  /** First UTC day. Default: 89 days before `to` */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /** Last UTC day. Default: today */
  @MayBeAbsent()
  @IsDay()
  to?: string;
}

export class ChangesQueryDto {
  /** UTC day to compare with. Default: 30 days before `to` */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /** UTC day to compare. Default: today */
  @MayBeAbsent()
  @IsDay()
  to?: string;
}
