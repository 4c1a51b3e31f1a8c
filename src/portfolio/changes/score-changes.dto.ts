import type { Status } from '../../scoring/features/account-features.js';
import { HealthOfDay, RiskOfDay } from '../history/score-history.dto.js';
import { ModelName, ScorecardName } from '../scores/score.dto.js';

export class ComparedDay {
  /**
   * The UTC day of the stored score that was used.
   * @example '2024-12-31'
   */
  asOf: string;
  health: HealthOfDay;
  /** Null if not predicted. */
  churnRisk: RiskOfDay | null;
  /** @example 'active' */
  status: Status;
  /** @example 'smb' */
  tier: string;
  /** @example 'established' */
  stage: string | null;
  scorecard: ScorecardName;
  model: ModelName;
}

export class ChangePart {
  /**
   * `feature`: something changed at the customer; `cap`, `override`: something limits or sets the score; `card`, `model`: the same facts are scored differently.
   * @example 'feature'
   */
  kind: 'card' | 'model' | 'feature' | 'cap' | 'override';
  /**
   * Key of the feature (or `tier`, `stage`), the cap, the scorecard or the model.
   * @example 'daysSinceLastUse'
   */
  key: string;
  /**
   * The feature's value before; null if unknown or not a feature.
   * @example 2
   */
  from: number | null;
  /** @example 21 */
  to: number | null;
  /**
   * Its share of the difference.
   * @example -7.25
   */
  contribution: number;
  /**
   * Identifies `text`: the feature's key, `tier`, `stage`, `override`, or the kind, a dot and the key.
   * @example 'daysSinceLastUse'
   */
  code: string;
  /** @example 'last used 2 days ago → no usage for 21 days' */
  text: string;
}

/** All parts add up to `difference` exactly; so do `byDefinition` and `byCustomer`. */
export class Change {
  /** @example -11.5 */
  difference: number;
  /**
   * Caused by changed scorecards or models.
   * @example 1.25
   */
  byDefinition: number;
  /**
   * Caused by the customer, the account's tier, stage or status, or an override.
   * @example -12.75
   */
  byCustomer: number;
  /** Largest first, without zeros. */
  parts: ChangePart[];
}

export class Move {
  /**
   * band, status, tier or stage
   * @example 'band'
   */
  what: string;
  /** @example 'green' */
  from: string | null;
  /** @example 'yellow' */
  to: string | null;
}

export class ScoreChanges {
  /** @example 'A-1' */
  accountId: string;
  from: ComparedDay;
  to: ComparedDay;
  /** Difference in points; null if no measure was known on one of the days. */
  health: Change | null;
  /** Difference in logits; null if not predicted on one of the days. */
  churnRisk: Change | null;
  /** Changes of band, status, tier and stage. */
  moves: Move[];
}
