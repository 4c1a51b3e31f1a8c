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
  /** What to order by; with `-` the largest first. Unknown values come last either way. `-expectedLoss`, the default: the money at stake, those who have given notice first */
  @IsOptional()
  @IsIn(SORTS)
  sort?: Sort;

  /**
   * Only accounts in one of these bands. Each filter takes several values with commas between them; `none` stands for accounts that have no value
   * @example ["red", "yellow"]
   */
  @AreOneOf([...BANDS, NONE])
  band?: string[];

  /** Only accounts with one of these statuses; default: all but churned ones */
  @AreOneOf([...STATUSES, NONE])
  status?: string[];

  /**
   * Only accounts of one of these tiers
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
