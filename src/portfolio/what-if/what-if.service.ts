import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { endOfDay } from '../../platform/days.js';
import { Settings } from '../../platform/settings.js';
import { expectValid } from '../../scoring/expect-valid.js';
import type { AccountFeatures } from '../../scoring/features/account-features.js';
import { catalogueOf, type Features } from '../../scoring/features/catalogue.js';
import { OVERRIDE, type Override } from '../../scoring/model/evaluate.js';
import { missingProductOf } from '../../scoring/model/expansion.js';
import { assess, cardFor } from '../../scoring/runs/assess.js';
import { pack, unpack, type UnpackedScore } from '../../scoring/scores/packed-score.js';
import { ScorecardsRepository } from '../../scoring/scorecards/scorecards.repository.js';
import { AccountIdsRepository } from '../account/account-ids.repository.js';
import {
  type DescribedScore,
  describeContraction,
  describeExpansion,
  describeHealth,
  describeRisk,
  describeValue,
} from '../scores/describe-score.js';
import { type StoredScore, StoredScoresRepository } from '../scores/stored-scores.repository.js';
import { problemsWith, withChanged } from './changed-features.js';
import { whatIfChanges } from './what-if-changes.js';
import type { WhatIf, WhatIfDto, WhatIfSide } from './what-if.dto.js';

@Injectable()
export class WhatIfService {
  constructor(
    private readonly ids: AccountIdsRepository,
    private readonly stored: StoredScoresRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Writes nothing. Throws 400 listing every invalid feature, 404 `not_found` and `not_scored`. */
  async preview(ref: string, { asOf, features = {}, ...standing }: WhatIfDto): Promise<WhatIf> {
    expectValid(problemsWith(features, catalogueOf(this.settings)));
    if (Object.keys({ ...features, ...standing }).length === 0) expectValid([NOTHING_ASKED]);
    if (asOf !== undefined) endOfDay(asOf, this.clock.now(), '/asOf');
    const { accountId, id } = await this.ids.get(ref);
    const from = await this.stored.get(accountId, asOf ?? null);
    const stored = from.score.features as Features;
    const changed = withChanged(stored, features);
    const to = await this.otherwise(from, {
      tier: standing.tier ?? from.score.tier,
      stage: standing.stage ?? from.score.stage,
      features: changed.features,
    });
    return {
      accountId: id,
      asOf: from.asOf,
      before: sideOf(from),
      after: sideOf(to),
      alsoChanged: Object.entries(changed.along).map(([feature, value]) => ({
        feature,
        from: stored[feature as keyof Features] ?? null,
        to: value,
      })),
      ...whatIfChanges(from, to),
    };
  }

  /** Uses the scorecard of that day unless tier or stage change it; overrides stay in effect. */
  private async otherwise(
    from: StoredScore,
    changed: Pick<UnpackedScore, 'tier' | 'stage'> & { features: Record<string, number | null> },
  ): Promise<DescribedScore> {
    const { score, model } = from;
    const account = {
      accountId: from.accountId,
      status: score.status,
      renewsAt: score.renewsAt,
      withoutRate: null,
      missingProduct: missingProductOf(score.signals),
      ...changed,
    } as AccountFeatures;
    const isMoved = account.tier !== score.tier || account.stage !== score.stage;
    const card = isMoved ? cardFor(await this.scorecards.active(), account) : from.card;
    const packed = pack(NO_FEATURES, account, assess(card, model, account, overrideOf(score)));
    return { ...from, card, score: { ...unpack([], packed), features: changed.features } };
  }
}

const NOTHING_ASKED = {
  pointer: '/features',
  code: 'missing',
  detail: 'Change at least one of features, tier or stage',
} as const;

/** A score is packed to be rounded like a stored one; its features are rounded already. */
const NO_FEATURES = { layoutId: 0, layout: [] };

function overrideOf({ adjustments, health }: UnpackedScore): Override | undefined {
  const isSet = adjustments.some(({ cap }) => cap === OVERRIDE);
  return isSet && health !== null ? { score: health / 100 } : undefined;
}

function sideOf(described: DescribedScore): WhatIfSide {
  const { tier, stage, status } = described.score;
  return {
    tier,
    stage,
    status,
    health: describeHealth(described, {}),
    churnRisk: describeRisk(described),
    value: describeValue(described),
    contraction: describeContraction(described),
    expansion: describeExpansion(described),
  };
}
