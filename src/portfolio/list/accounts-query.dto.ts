import { Type } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { IsText, MayBeAbsent } from '../../platform/validation/rules.js';
import { STAGES, STATUSES } from '../../scoring/features/account-features.js';
import { IsDay } from '../../scoring/features/is-day.js';
import { BANDS } from '../../scoring/model/scorecard.js';
import { SORTABLE_FIELDS } from '../../scoring/scores/score-fields.js';
import { AreKeys, AreOneOf, NONE } from './filter-values.js';

export const SORTS = SORTABLE_FIELDS.flatMap((key) => [key, `-${key}`] as const);
export type Sort = (typeof SORTS)[number];

/** As the summary counts them. */
export const RENEWAL_DAYS = [30, 60, 90] as const;

export class AccountsQueryDto extends PageQueryDto {
  /**
   * Field to sort by; `-` sorts in descending order. Unknown values always come last. Default: `-expectedLoss` (revenue at
   * stake), with accounts that have given notice first
   */
  @IsOptional()
  @IsIn(SORTS)
  sort?: Sort;

  /**
   * Only accounts in one of these bands. Each filter takes several values separated by commas; `none` matches accounts without a value
   * @example ["red", "yellow"]
   */
  @AreOneOf([...BANDS, NONE])
  band?: string[];

  /** Only accounts with one of these statuses; default: all but churned ones */
  @AreOneOf([...STATUSES, NONE])
  status?: string[];

  /**
   * Only accounts in one of these tiers
   * @example ["enterprise"]
   */
  @AreKeys()
  tier?: string[];

  /** Only accounts in one of these stages */
  @AreOneOf([...STAGES, NONE])
  stage?: string[];

  /**
   * Only accounts of one of these customer-success managers; a comma within a value is written `\\,`
   * @example ["none", "kim@example.com"]
   */
  @AreKeys()
  csm?: string[];

  /** Only accounts whose next renewal is within this many days of today, or of `asOf` */
  @IsOptional()
  @Type(() => Number)
  @IsIn(RENEWAL_DAYS)
  renewsWithin?: number;

  /** Only accounts whose name or id contains this text, ignoring case */
  @MayBeAbsent()
  @IsText(255)
  q?: string;

  /** Use the scores stored for this UTC day. Default: the latest scores */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}
