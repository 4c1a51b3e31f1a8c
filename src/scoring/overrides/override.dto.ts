import { Matches } from 'class-validator';
import { IsInstant, IsMeasure, IsText } from '../../platform/validation/rules.js';

export class OverrideDto {
  /**
   * The health score in points, rounded to two decimals
   * @example 35
   */
  @IsMeasure(0, 100)
  score: number;

  /**
   * Why the score should differ from what the data says
   * @example 'Their new management reviews all vendors'
   */
  @IsText(1_000)
  @Matches(/\S/, { message: '$property must not be blank' })
  reason: string;

  /**
   * When the override ends; at most a year ahead
   * @example '2025-06-30T00:00:00Z'
   */
  @IsInstant()
  expiresAt: string;
}

export class HealthOverrideDto {
  /** @example '7' */
  id: string;
  /** @example 35 */
  score: number;
  /** @example 'Their new management reviews all vendors' */
  reason: string;
  /**
   * Id of the API key, or `person:` and the id of the person.
   * @example 'Zk3rT9aQm2Lx'
   */
  madeBy: string;
  madeAt: Date;
  expiresAt: Date;
  /** When it expired, was removed or was replaced; null if it is active. */
  endedAt: Date | null;
}

export class HealthOverrideListDto {
  /** Newest first, up to 1,000. */
  items: HealthOverrideDto[];
  /** Always null. */
  nextCursor: string | null;
}
