import { IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { IsSurveyScore } from './kind-rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const SURVEY_KINDS = ['nps', 'csat', 'sentiment'] as const;

/** A question asked of a customer and its answer, or the CSM's own judgement. */
export class SurveyDto {
  /**
   * The sender's own id of the survey.
   * @example 'V-1'
   */
  @IsKey()
  id: string;

  /**
   * The account, by any of its ids. Required in the first state.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /** The contact who was asked; it need not be known yet. Default: unknown. */
  @IsOptional()
  @IsKey()
  contactId?: string | null;

  /**
   * `nps` (0 to 10), `csat` (1 to 5) or `sentiment` (1 to 5, the CSM's own judgement). Required in the first state.
   * @example 'nps'
   */
  @RequiredAtFirst()
  @IsIn(SURVEY_KINDS)
  kind?: (typeof SURVEY_KINDS)[number];

  /**
   * The answer, in the range of its kind. Default: not answered.
   * @example 9
   */
  @IsOptional()
  @IsSurveyScore()
  score?: number | null;

  /** The answer in words. */
  @IsOptional()
  @IsText(10_000)
  comment?: string | null;

  /** Who judged, for a sentiment. */
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

  /** From when on this state is true. Default: `sentAt` or else `answeredAt` for the first state, else the arrival. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
