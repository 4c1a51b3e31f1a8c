import { IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** A step of onboarding or of a success plan. `first_value` marks when the customer first got value from the product. */
export class MilestoneDto {
  /**
   * Your id for the milestone.
   * @example 'L-1'
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

  /**
   * Name of the milestone. Required in the first state.
   * @example 'first_value'
   */
  @RequiredAtFirst()
  @IsKey()
  name?: string;

  /**
   * `onboarding`, or the name of a success plan. Default: onboarding.
   * @example 'onboarding'
   */
  @IsOptional()
  @IsText(255)
  plan?: string | null;

  /**
   * Due date, as a UTC day or a time on it. Default: none.
   * @example '2025-02-01T00:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  dueAt?: string | null;

  /** When it was reached. Default: not yet. */
  @IsOptional()
  @IsInstant()
  doneAt?: string | null;

  /** When this state takes effect. Default: the time of arrival; the first state also applies before that. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
