import type { Status } from '../../scoring/features/account-features.js';
import { HealthOfDay, RiskOfDay } from '../history/score-history.dto.js';
import { ModelName, ScorecardName } from '../scores/score.dto.js';

export class ComparedDay {
  /**
   * The UTC day whose stored score was taken.
   * @example '2024-12-31'
   */
  asOf: string;
  health: HealthOfDay;
  /** Null: not predicted. */
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
   * `feature`: the customer; `cap`, `override`: what limits or sets the score; `card`, `model`: the same facts count otherwise than before.
   * @example 'feature'
   */
  kind: 'card' | 'model' | 'feature' | 'cap' | 'override';
  /**
   * Of the feature (or `tier`, `stage`), the cap, the scorecard or the model.
   * @example 'daysSinceLastUse'
   */
  key: string;
  /**
   * The feature's value before; null: unknown, or not a feature.
   * @example 2
   */
  from: number | null;
  /** @example 21 */
  to: number | null;
  /**
   * What it adds to the difference or takes from it.
   * @example -7.25
   */
  contribution: number;
  /**
   * Which sentence `text` is: the feature (or `tier`, `stage`), `override`, or the kind, a dot and the key.
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
   * By scorecards or models that were changed.
   * @example 1.25
   */
  byDefinition: number;
  /**
   * By all else: what the customer did, what its account has become, what a person set by hand.
   * @example -12.75
   */
  byCustomer: number;
  /** The largest first, those of 0 left out. */
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
  /** In points; null: nothing was known on one of the days. */
  health: Change | null;
  /** In logits; null: not predicted on one of the days. */
  churnRisk: Change | null;
  /** What the account has become. */
  moves: Move[];
}
