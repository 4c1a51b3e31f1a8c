import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../../scoring/features/is-day.js';

export class HistoryQueryDto {
  /** The first UTC day; default: 89 days before `to` */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /** The last UTC day; default: today */
  @MayBeAbsent()
  @IsDay()
  to?: string;
}

export class ChangesQueryDto {
  /** The UTC day to compare with; default: 30 days before `to` */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /** The UTC day that is compared; default: today */
  @MayBeAbsent()
  @IsDay()
  to?: string;
}
