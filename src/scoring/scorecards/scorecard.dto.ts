import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { AccountStatus } from '../model/scored-account.js';

const CURVE = [
  [2, 100],
  [7, 70],
  [14, 40],
  [30, 0],
];

/** Either a feature or `tenureDays` with bounds, or one of tier, stage and status with `is`. What is unknown does not hold. */
export class CardConditionDto {
  /** One of those that `GET /v1/features` names. */
  feature?: string;
  attribute?: 'tier' | 'stage' | 'status' | 'tenureDays';
  /** The names of which it is one. */
  is?: string[];
  atLeast?: number;
  atMost?: number;
  below?: number;
  above?: number;
}

export class CardMeasureDto {
  /**
   * One of those that `GET /v1/features` names.
   * @example 'daysSinceLastUse'
   */
  feature: string;
  /**
   * Against the other measures of its dimension.
   * @example 1
   */
  weight: number;
  /** Corners `[value, score from 0 to 100]` with rising values: straight lines between them, level beyond them. */
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    example: CURVE,
  })
  curve: number[][];
  /** All must hold, or the measure does not exist for the account. */
  when?: CardConditionDto[];
}

export class CardDimensionDto {
  /** @example 'adoption' */
  key: string;
  /**
   * Against the other dimensions.
   * @example 1
   */
  weight: number;
  measures: CardMeasureDto[];
}

export class CardCapDto {
  /** @example 'noUse30d' */
  key: string;
  /**
   * The score is at most this when all conditions hold.
   * @example 39
   */
  limit: number;
  /** @example [{ "feature": "daysSinceLastUse", "atLeast": 30 }] */
  when: CardConditionDto[];
  /**
   * Said to people where the cap lowers a score.
   * @example 'no usage for 30 days'
   */
  text: string;
}

export class CardBandsDto {
  /**
   * The lowest score that is green.
   * @example 70
   */
  green: number;
  /**
   * The lowest score that is yellow.
   * @example 40
   */
  yellow: number;
}

/** What is absent does not matter. */
export class CardAppliesToDto {
  tiers?: string[];
  stages?: string[];
  statuses?: AccountStatus[];
}

export class CardDefinitionDto {
  name?: string;
  /**
   * Whom the card is for; absent: all. Of several cards that match the most specific serves an account: the status tells more
   * than the stage, the stage more than the tier; of equals those that people made come before built-in ones, then the first by key.
   */
  appliesTo?: CardAppliesToDto;
  bands: CardBandsDto;
  dimensions: CardDimensionDto[];
  caps: CardCapDto[];
}

export class CardVersionDto {
  /** @example 2 */
  version: number;
  /** Made by the service itself. */
  builtIn: boolean;
  /** From this version on the card serves nobody. */
  retired: boolean;
  createdAt: Date;
}

export class ScorecardDto extends CardVersionDto {
  /** @example 'default' */
  key: string;
  /** What `PUT` takes. */
  card: CardDefinitionDto;
}

export class ScorecardWithVersionsDto extends ScorecardDto {
  /** The newest first. */
  versions: CardVersionDto[];
}

export class ScorecardPutDto extends ScorecardDto {
  /**
   * The run that scores all accounts by the changed cards; null: nothing was changed.
   * @example '12'
   */
  scoreRunId: string | null;
}

export class ScorecardListDto {
  /** Those that people made, then the built-in ones, each by key. */
  items: ScorecardDto[];
  /** Always null: there are few. */
  nextCursor: string | null;
}

export class ScorecardQueryDto {
  /**
   * One of its versions; default: the newest
   * @example '1'
   */
  @IsOptional()
  @Matches(/^[1-9]\d{0,8}$/, { message: '$property must be a whole number from 1' })
  version?: string;
}
