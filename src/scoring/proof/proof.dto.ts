import { ApiProperty } from '@nestjs/swagger';
import { IsKey, MayBeAbsent } from '../../platform/validation/rules.js';
import type { Band } from '../model/scorecard.js';
import { CARD_TEXT, CardDefinitionDto } from '../scorecards/scorecard.dto.js';

export class DraftCardDto extends CardDefinitionDto {
  /**
   * The scorecard to replace. If it is absent or not in use, the draft is an additional scorecard.
   * @example 'default'
   */
  @ApiProperty(CARD_TEXT)
  key?: string;
}

export class SuggestDto {
  /**
   * Scorecard to suggest weights for. Default: `default`
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
   * Null if no measure was known.
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
  /** Null if unknown. */
  mrr: ChangedMrr | null;
  from: ScoreUnderCard;
  to: ScoreUnderCard;
}

export class ChurnRate {
  /** Accounts at month-ends. */
  accounts: number;
  /** Accounts that churned within 90 days. */
  left: number;
  /**
   * Share that churned; null if there were no accounts.
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
  /** Lower and upper bound of the range, in health points. */
  from: number;
  to: number;
}

export class CardFiguresDto {
  /**
   * Probability that a churned account had a lower score than a retained one; 0.5 is random.
   * @example 0.74
   */
  auc: number;
  /** Standard error of `auc`, clustered by account. */
  aucSe: number;
  /**
   * Churn rate in the 10% with the lowest scores, divided by the overall churn rate.
   * @example 2.9
   */
  liftAt10: number;
  bands: BandChurnRates;
  /** In score ranges of ten points, lowest first. */
  @ApiProperty({ type: [TenPointsChurnRate] })
  tens: readonly TenPointsChurnRate[];
  /** Rows without a known measure; they count as scoring exactly the green threshold. */
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
   * `after` minus `before`.
   * @example 0.031
   */
  auc: number;
  /**
   * Standard error of the difference, clustered by account.
   * @example 0.011
   */
  se: number;
}

export class CardProofDto {
  /**
   * Month-ends with non-overlapping 90-day windows.
   * @example ["2024-06-30", "2024-09-30"]
   */
  @ApiProperty({ type: [String], format: 'date' })
  days: readonly string[];
  /** Paying accounts at the month-ends. */
  rows: number;
  /** Accounts that churned within 90 days. */
  left: number;
  /**
   * Size of the sample of retained accounts, weighted to represent all of them; churned accounts are all included. Null if
   * no sampling was needed.
   */
  sampled: SampledAccounts | null;
  /** With the current scorecards. */
  before: CardFiguresDto;
  /** With the draft. */
  after: CardFiguresDto;
  difference: ProofDifference;
}

export class WithProof {
  /** How well health predicted churn, with caps but without overrides. Null if no account has churned yet. */
  proof: CardProofDto | null;
  /** The result in words, or why there is none. */
  proofText: string;
}

export class CardPreview extends WithProof {
  /** @example 'default' */
  key: string;
  /**
   * Whether no scorecard in use has this key, so the draft was added instead of replacing one. A draft for all accounts
   * takes precedence over built-in scorecards.
   */
  newCard: boolean;
  /** The latest day on which all accounts were scored; null if there is none yet. */
  asOf: string | null;
  /** Accounts by band, without churned ones. */
  bands: BandsBeforeAndAfter;
  /** Up to 100 accounts that change band, highest MRR first. */
  changed: ChangedAccount[];
  changedTotal: number;
}

export class MeasureEvidence {
  /** @example 'adoption' */
  dimension: string;
  /** @example 'licenceUse28' */
  feature: string;
  /**
   * Current weight, in percent of the whole scorecard.
   * @example 15
   */
  from: number;
  /** @example 22 */
  to: number;
  /** Standard error of `to`, in percentage points; null if history could not determine the weight. */
  se: number | null;
  /** Churned accounts for which the measure was known. */
  churned: number;
  /** Their mean score, 0 to 100. */
  meanLeft: number | null;
  meanStayed: number | null;
  /** @example '61 churned accounts averaged 41 of 100, retained accounts 63; weight from 15 to 22' */
  supportedBy: string;
}

export class CardSuggestion extends WithProof {
  /** A definition you can `PUT` as it is. */
  draft: DraftCardDto;
  evidence: MeasureEvidence[];
}
