import { IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** A step of onboarding or of a success plan. `first_value` is the one at which the customer first got what he came for. */
export class MilestoneDto {
  /**
   * The sender's own id of the milestone.
   * @example 'L-1'
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

  /**
   * What is to be reached. Required in the first state.
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
   * The UTC day by whose end it should be reached, or an instant in it. Default: no date.
   * @example '2025-02-01T00:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  dueAt?: string | null;

  /** When it was reached. Default: not yet. */
  @IsOptional()
  @IsInstant()
  doneAt?: string | null;

  /** From when on this state is true. Default: the arrival; the first state reaches back. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
