import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import {
  MAX_CAPS,
  MAX_CHARACTERS,
  MAX_CONDITIONS,
  MAX_CORNERS,
  MAX_DIMENSIONS,
  MAX_MEASURES,
  MAX_NAMES,
} from '../model/validate-scorecard.js';
import { ACCOUNT_STATUSES, type AccountStatus } from '../model/scored-account.js';

/** What `validateScorecard` allows. */
export const CARD_TEXT = { type: String, minLength: 1, maxLength: MAX_CHARACTERS };
const CONDITIONS = { maxItems: MAX_CONDITIONS };
const NAMES = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: MAX_CHARACTERS },
  minItems: 1,
  maxItems: MAX_NAMES,
} as const;
const CURVE = [
  [2, 100],
  [7, 70],
  [14, 40],
  [30, 0],
];

/** Either a feature or `tenureDays` with bounds, or one of tier, stage and status with `is`. What is unknown does not hold. */
export class CardConditionDto {
  /** A feature key from `GET /v1/features`. */
  @ApiProperty(CARD_TEXT)
  feature?: string;
  attribute?: 'tier' | 'stage' | 'status' | 'tenureDays';
  /** Met if the value is one of these. */
  @ApiProperty(NAMES)
  is?: string[];
  atLeast?: number;
  atMost?: number;
  below?: number;
  above?: number;
}

export class CardMeasureDto {
  /**
   * A feature key from `GET /v1/features`.
   * @example 'daysSinceLastUse'
   */
  @ApiProperty(CARD_TEXT)
  feature: string;
  /**
   * Weight relative to the other measures of the dimension.
   * @example 1
   */
  weight: number;
  /** Points `[value, score]` with ascending values and scores from 0 to 100; linear between the points, constant outside them. */
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    minItems: 1,
    maxItems: MAX_CORNERS,
    example: CURVE,
  })
  curve: number[][];
  /** Conditions that must all be met; otherwise the measure does not apply to the account. */
  @ApiProperty(CONDITIONS)
  when?: CardConditionDto[];
}

export class CardDimensionDto {
  /** @example 'adoption' */
  @ApiProperty(CARD_TEXT)
  key: string;
  /**
   * Weight relative to the other dimensions.
   * @example 1
   */
  weight: number;
  @ApiProperty({ minItems: 1, maxItems: MAX_MEASURES })
  measures: CardMeasureDto[];
}

export class CardCapDto {
  /** @example 'noUse30d' */
  @ApiProperty(CARD_TEXT)
  key: string;
  /**
   * Maximum score when all conditions are met.
   * @example 39
   */
  limit: number;
  /** @example [{ "feature": "daysSinceLastUse", "atLeast": 30 }] */
  @ApiProperty({ ...CONDITIONS, minItems: 1 })
  when: CardConditionDto[];
  /**
   * Shown as the reason when the cap lowers a score.
   * @example 'no usage for 30 days'
   */
  @ApiProperty(CARD_TEXT)
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
  @ApiProperty(NAMES)
  tiers?: string[];
  @ApiProperty(NAMES)
  stages?: string[];
  @ApiProperty({
    type: 'array',
    items: { type: 'string', enum: [...ACCOUNT_STATUSES] },
    minItems: 1,
    maxItems: MAX_NAMES,
  })
  statuses?: AccountStatus[];
}

export class CardDefinitionDto {
  @ApiProperty(CARD_TEXT)
  name?: string;
  /**
   * Which accounts the scorecard applies to. Default: all. If several match, the most specific one is used: status before
   * stage, stage before tier. Between equals, your own scorecards come before built-in ones, then the first by key.
   */
  appliesTo?: CardAppliesToDto;
  bands: CardBandsDto;
  @ApiProperty({ minItems: 1, maxItems: MAX_DIMENSIONS })
  dimensions: CardDimensionDto[];
  @ApiProperty({ maxItems: MAX_CAPS })
  caps: CardCapDto[];
}

export class CardVersionDto {
  /** @example 2 */
  version: number;
  /** Whether it comes with Steward. */
  builtIn: boolean;
  /** Whether this version retires the scorecard. */
  retired: boolean;
  createdAt: Date;
}

export class ScorecardDto extends CardVersionDto {
  /** @example 'default' */
  key: string;
  /** The definition, in the form that `PUT` accepts. */
  card: CardDefinitionDto;
}

export class ScorecardWithVersionsDto extends ScorecardDto {
  /** Newest first. */
  versions: CardVersionDto[];
}

export class ScorecardPutDto extends ScorecardDto {
  /**
   * The run that rescores all accounts; null if nothing changed.
   * @example '12'
   */
  scoreRunId: string | null;
}

export class ScorecardListDto {
  /** Your own scorecards, then built-in ones, each by key. */
  items: ScorecardDto[];
  /** Always null: there is only one page. */
  nextCursor: string | null;
}

export class ScorecardQueryDto {
  /**
   * Version to return. Default: the latest
   * @example '1'
   */
  @IsOptional()
  @Matches(/^[1-9]\d{0,8}$/, { message: '$property must be a whole number of at least 1' })
  version?: string;
}
