import { Type } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { IsKey, IsText, MayBeAbsent } from '../../platform/validation/rules.js';
import { type Stage, STAGES, type Status, STATUSES } from '../../scoring/features/account-features.js';
import { IsDay } from '../../scoring/features/is-day.js';
import { type Band, BANDS } from '../../scoring/model/scorecard.js';

export const SORT_KEYS = [
  'expectedLoss',
  'churnRisk',
  'health',
  'healthChange30d',
  'mrr',
  'ltv',
  'expansion',
  'renewsAt',
  'name',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export const SORTS = SORT_KEYS.flatMap((key) => [key, `-${key}`] as const);
export type Sort = (typeof SORTS)[number];

/** As the summary counts them. */
export const RENEWAL_DAYS = [30, 60, 90] as const;

export class AccountsQueryDto extends PageQueryDto {
  /** What to order by; with `-` the largest first. Unknown values come last either way. `-expectedLoss`, the default: the money at stake, those who have given notice first */
  @IsOptional()
  @IsIn(SORTS)
  sort?: Sort;

  /** Only accounts in this band */
  @IsOptional()
  @IsIn(BANDS)
  band?: Band;

  /** Only accounts with this status; default: all but the churned */
  @IsOptional()
  @IsIn(STATUSES)
  status?: Status;

  /**
   * Only accounts of this tier
   * @example 'enterprise'
   */
  @MayBeAbsent()
  @IsKey()
  tier?: string;

  /** Only accounts in this stage */
  @IsOptional()
  @IsIn(STAGES)
  stage?: Stage;

  /** Only accounts of this customer-success manager */
  @MayBeAbsent()
  @IsKey()
  csm?: string;

  /** Only accounts whose next renewal is at most so many days away, from today or `asOf` on */
  @IsOptional()
  @Type(() => Number)
  @IsIn(RENEWAL_DAYS)
  renewsWithin?: number;

  /** Only accounts whose name or id holds this text, in any case */
  @MayBeAbsent()
  @IsText(255)
  q?: string;

  /** The UTC day whose stored scores are asked for; default: the newest scores */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}
