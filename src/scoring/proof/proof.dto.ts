import { ApiProperty } from '@nestjs/swagger';
import { IsKey, MayBeAbsent } from '../../platform/validation/rules.js';
import type { Band } from '../model/scorecard.js';
import { CardDefinitionDto } from '../scorecards/scorecard.dto.js';

export class DraftCardDto extends CardDefinitionDto {
  /**
   * The card in whose place it is to stand; of none in use, or absent: a new card beside them.
   * @example 'default'
   */
  key?: string;
}

export class SuggestDto {
  /**
   * The card whose weights are asked for; default: `default`
   * @example 'default'
   */
  @MayBeAbsent()
  @IsKey()
  key?: string;
}

export class BandCounts {
  /** @example 120 */
  green: number;
  /** @example 60 */
  yellow: number;
  /** @example 12 */
  red: number;
  /** @example 8 */
  unknown: number;
}

export class BandsBeforeAndAfter {
  before: BandCounts;
  after: BandCounts;
}

export class ScoreUnderCard {
  /** @example 'yellow' */
  band: Band;
  /**
   * Null: nothing was known.
   * @example 63.4
   */
  score: number | null;
}

export class ChangedMrr {
  /** Minor units. */
  amount: number;
  /** @example 'USD' */
  currency: string;
}

export class ChangedAccount {
  /** @example 'A-1' */
  id: string;
  name: string | null;
  /** Null: not known. */
  mrr: ChangedMrr | null;
  from: ScoreUnderCard;
  to: ScoreUnderCard;
}

export class ChurnRate {
  /** Accounts at month-ends. */
  accounts: number;
  /** Those who left within 90 days. */
  left: number;
  /**
   * Their share; null: there were none.
   * @example 0.08
   */
  churnRate: number | null;
}

export class BandChurnRates {
  green: ChurnRate;
  yellow: ChurnRate;
  red: ChurnRate;
  unknown: ChurnRate;
}

export class TenPointsChurnRate extends ChurnRate {
  /** Points of health. */
  from: number;
  to: number;
}

export class CardFiguresDto {
  /**
   * The chance that one who left had a lower score than one who stayed; .5 is by lot.
   * @example 0.74
   */
  auc: number;
  /** Standard error, by account. */
  aucSe: number;
  /**
   * How many more of those who left are in the tenth with the lowest scores than in any tenth.
   * @example 2.9
   */
  liftAt10: number;
  bands: BandChurnRates;
  /** By ten points of score, the lowest first. */
  @ApiProperty({ type: [TenPointsChurnRate] })
  tens: readonly TenPointsChurnRate[];
  /** Of which nothing was known: they count as on the green line. */
  unscored: number;
}

export class SampledAccounts {
  /** @example 20000 */
  accounts: number;
  /** @example 96000 */
  of: number;
}

export class ProofDifference {
  /**
   * After less before.
   * @example 0.031
   */
  auc: number;
  /**
   * Standard error of the difference, by account.
   * @example 0.011
   */
  se: number;
}

export class CardProofDto {
  /**
   * Month-ends whose 90 days do not overlap.
   * @example ["2024-06-30", "2024-09-30"]
   */
  @ApiProperty({ type: [String], format: 'date' })
  days: readonly string[];
  /** Paying accounts at the month-ends. */
  rows: number;
  /** Those who left within 90 days. */
  left: number;
  /** Beside all who left, so many were drawn of those who stayed, and weigh for all of them; null: all were taken. */
  sampled: SampledAccounts | null;
  /** With the cards in use. */
  before: CardFiguresDto;
  /** With the draft among them. */
  after: CardFiguresDto;
  difference: ProofDifference;
}

export class WithProof {
  /** Health against who left, caps and all; what people set by hand is not in it. Null: nobody left yet. */
  proof: CardProofDto | null;
  /** What the proof says, or why there is none. */
  proofText: string;
}

export class CardPreview extends WithProof {
  /** @example 'default' */
  key: string;
  /** Whether no card in use has this key: it was tried beside them, in nobody's place. One for all serves before the built-in ones. */
  newCard: boolean;
  /** The newest day of which all accounts are scored; null: there is none yet. */
  asOf: string | null;
  /** Accounts by band, those that have churned left out. */
  bands: BandsBeforeAndAfter;
  /** Accounts that go to another band, the most MRR first, at most 100. */
  changed: ChangedAccount[];
  changedTotal: number;
}

export class MeasureEvidence {
  /** @example 'adoption' */
  dimension: string;
  /** @example 'licenceUse28' */
  feature: string;
  /**
   * Percent of the whole card.
   * @example 15
   */
  from: number;
  /** @example 22 */
  to: number;
  /** Standard error of `to` in points of percent; null: history could not weigh it. */
  se: number | null;
  /** Those who left of whom it was known. */
  churned: number;
  /** Their mean score, 0 to 100. */
  meanLeft: number | null;
  meanStayed: number | null;
  /** @example '61 churned accounts averaged 41 of 100, accounts that stayed 63; weight from 15 to 22' */
  supportedBy: string;
}

export class CardSuggestion extends WithProof {
  /** Can be put as it is. */
  draft: DraftCardDto;
  evidence: MeasureEvidence[];
}
