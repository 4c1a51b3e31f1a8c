import { Matches } from 'class-validator';
import { IsInstant, IsMeasure, IsText } from '../../platform/validation/rules.js';

export class OverrideDto {
  /**
   * What the health score is to be, in points; counted to the hundredth
   * @example 35
   */
  @IsMeasure(0, 100)
  score: number;

  /**
   * What the facts do not tell
   * @example 'Their new management reviews all vendors'
   */
  @IsText(1_000)
  @Matches(/\S/, { message: '$property must not be blank' })
  reason: string;

  /**
   * From then on the score is made from the facts again; at most a year ahead
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
  /** When it expired, was taken back or was replaced; null: it holds. */
  endedAt: Date | null;
}

export class HealthOverrideListDto {
  /** The newest first, at most 1,000. */
  items: HealthOverrideDto[];
  /** Always null. */
  nextCursor: string | null;
}
