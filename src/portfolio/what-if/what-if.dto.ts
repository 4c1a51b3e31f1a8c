import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject } from 'class-validator';
import { IsKey, MayBeAbsent } from '../../platform/validation/rules.js';
import { STAGES, type Stage, type Status } from '../../scoring/features/account-features.js';
import { IsDay } from '../../scoring/features/is-day.js';
import { AccountValue, ChurnRisk, Contraction, Expansion, HealthScore } from '../scores/score.dto.js';

export class WhatIfDto {
  /** Start from the score stored for this UTC day. Default: the latest */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;

  /**
   * Features to change: any that `GET /v1/features` lists except `noticeGiven`; null if unknown. Others keep their values unless they depend on a
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
  /** `change7d` and `change30d` are always null here. */
  health: HealthScore;
  /** Null for trials, accounts that have given notice and churned ones, which are not predicted. */
  churnRisk: ChurnRisk | null;
  value: AccountValue;
  contraction: Contraction;
  expansion: Expansion;
}

export class WhatIfChange {
  /**
   * `feature`: its value changed, or its share because another one became known; in a fitted model also the tier and the stage. `cap`, `override`: something limits or sets the score. `card`: another scorecard applies to the other tier or stage. `model`: the churn model scales that scorecard differently.
   * @example 'feature'
   */
  kind: 'card' | 'model' | 'feature' | 'cap' | 'override';
  /**
   * Key of the feature (or `tier`, `stage`), the cap, the scorecard or the model.
   * @example 'licenceUse28'
   */
  key: string;
  /**
   * The feature's value before; null if unknown or not a feature.
   * @example 0.2
   */
  from: number | null;
  /** @example 0.8 */
  to: number | null;
  /**
   * Change in health, in points.
   * @example 9.5
   */
  healthContribution: number;
  /**
   * Contribution to churn risk, in logits.
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
   * Null if it becomes unknown.
   * @example 0
   */
  to: number | null;
}

export class WhatIf {
  /** @example 'A-1' */
  accountId: string;
  /**
   * The UTC day of the stored score that was used.
   * @example '2024-12-31'
   */
  asOf: string;
  before: WhatIfSide;
  after: WhatIfSide;
  alsoChanged: AlsoChanged[];
  /**
   * Change in health, in points: the sum of all `healthContribution`. Null if one side has no score.
   * @example 9.5
   */
  healthDifference: number | null;
  /**
   * Change in the logit of churn risk: the sum of all `logitContribution`. Null if not predicted.
   * @example -0.21
   */
  logitDifference: number | null;
  /** Causes of the differences, largest effect on health first. */
  changes: WhatIfChange[];
}
