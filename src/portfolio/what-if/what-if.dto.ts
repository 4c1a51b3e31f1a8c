import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject } from 'class-validator';
import { IsKey, MayBeAbsent } from '../../platform/validation/rules.js';
import { STAGES, type Stage, type Status } from '../../scoring/features/account-features.js';
import { IsDay } from '../../scoring/features/is-day.js';
import { AccountValue, ChurnRisk, Contraction, Expansion, HealthScore } from '../scores/score.dto.js';

export class WhatIfDto {
  /** Start from the score stored for this UTC day; default: the newest */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;

  /**
   * Features to change: any that `GET /v1/features` lists except `noticeGiven`; null: unknown. Others keep their values unless they depend on a
   * changed one; `alsoChanged` lists those.
   * @example { "licenceUse28": 0.8, "overdueDays": 0, "nps": null }
   */
  @MayBeAbsent()
  @IsObject()
  @ApiProperty({ maxProperties: 1_000 })
  features?: Record<string, number | null>;

  /** Another tier may have another scorecard */
  @MayBeAbsent()
  @IsKey()
  tier?: string;

  /** Another stage may have another scorecard */
  @MayBeAbsent()
  @IsIn(STAGES)
  stage?: Stage;
}

export class WhatIfSide {
  /** @example 'smb' */
  tier: string;
  /** @example 'established' */
  stage: string | null;
  /** @example 'active' */
  status: Status;
  /** Without what changed in time: `change7d` and `change30d` are null. */
  health: HealthScore;
  /** Null: not predicted for trials, accounts that have given notice and churned ones. */
  churnRisk: ChurnRisk | null;
  value: AccountValue;
  contraction: Contraction;
  expansion: Expansion;
}

export class WhatIfChange {
  /**
   * `feature`: its own value, or the share of another that became known, and in a fitted model the tier and the stage; `cap`, `override`: what limits
   * or sets the score; `card`: another scorecard serves the other tier or stage; `model`: how a model of scorecards reads another card.
   * @example 'feature'
   */
  kind: 'card' | 'model' | 'feature' | 'cap' | 'override';
  /**
   * Of the feature (or `tier`, `stage`), the cap, the scorecard or the model.
   * @example 'licenceUse28'
   */
  key: string;
  /**
   * The feature's value before; null: unknown, or not a feature.
   * @example 0.2
   */
  from: number | null;
  /** @example 0.8 */
  to: number | null;
  /**
   * Points of health.
   * @example 9.5
   */
  healthContribution: number;
  /**
   * Logits of the risk.
   * @example -0.21
   */
  logitContribution: number;
  /**
   * Identifies `text`: the feature's key, `tier`, `stage`, `override`, or the kind, a dot and the key.
   * @example 'licenceUse28'
   */
  code: string;
  /** @example '20% of licenses in use → 80% of licenses in use' */
  text: string;
}

/** A feature that had to change with another, such as `overdueInvoices` with `overdueDays`, by as little as possible. */
export class AlsoChanged {
  /** @example 'overdueInvoices' */
  feature: string;
  /** @example 2 */
  from: number | null;
  /**
   * Null: not known then.
   * @example 0
   */
  to: number | null;
}

export class WhatIf {
  /** @example 'A-1' */
  accountId: string;
  /**
   * The UTC day whose stored score was taken.
   * @example '2024-12-31'
   */
  asOf: string;
  before: WhatIfSide;
  after: WhatIfSide;
  alsoChanged: AlsoChanged[];
  /**
   * Change of health in points: the sum of all `healthContribution`. Null: one side has no score.
   * @example 9.5
   */
  healthDifference: number | null;
  /**
   * Change of the risk's logit: the sum of all `logitContribution`. Null: not predicted.
   * @example -0.21
   */
  logitDifference: number | null;
  /** What caused the differences, the largest for health first. */
  changes: WhatIfChange[];
}
