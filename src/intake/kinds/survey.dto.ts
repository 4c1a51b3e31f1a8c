import { IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { IsSurveyScore } from './kind-rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const SURVEY_KINDS = ['nps', 'csat', 'sentiment'] as const;

/** A survey response, or the CSM's own rating of the relationship. */
export class SurveyDto {
  /**
   * Your id for the survey.
   * @example 'V-1'
   */
  @IsKey()
  id: string;

  /**
   * Any id of the account. Required in the first state.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /** Contact who was surveyed; may arrive later. Default: unknown. */
  @IsOptional()
  @IsKey()
  contactId?: string | null;

  /**
   * `nps` (0 to 10), `csat` (1 to 5) or `sentiment` (1 to 5, rated by the CSM). Required in the first state.
   * @example 'nps'
   */
  @RequiredAtFirst()
  @IsIn(SURVEY_KINDS)
  kind?: (typeof SURVEY_KINDS)[number];

  /**
   * Score, in the range of its kind. Default: not answered.
   * @example 9
   */
  @IsOptional()
  @IsSurveyScore()
  score?: number | null;

  /** Comment. */
  @IsOptional()
  @IsText(10_000)
  comment?: string | null;

  /** Who rated, for `sentiment`. */
  @IsOptional()
  @IsText(255)
  by?: string | null;

  /** When it was sent. Default: unknown. */
  @IsOptional()
  @IsInstant()
  sentAt?: string | null;

  /**
   * When it was answered. Default: not yet.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  answeredAt?: string | null;

  /** When this state takes effect. Default: `sentAt` or `answeredAt` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
