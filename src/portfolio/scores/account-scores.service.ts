import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { dayOf, endOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import { FeaturesRepository, missingRate } from '../../scoring/features/features.repository.js';
import { ScoreDaysRepository } from '../../scoring/runs/score-days.repository.js';
import { AccountIdsRepository } from '../account/account-ids.repository.js';
import {
  describeContraction,
  describeExpansion,
  describeHealth,
  describeRisk,
  describeValue,
} from './describe-score.js';
import type { AccountFeatureValues, AccountScore } from './score.dto.js';
import { type ComparedScore, notScored, StoredScoresRepository } from './stored-scores.repository.js';

@Injectable()
export class AccountScoresService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ids: AccountIdsRepository,
    private readonly stored: StoredScoresRepository,
    private readonly features: FeaturesRepository,
    private readonly days: ScoreDaysRepository,
    private readonly rollUp: RollUpService,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** The score stored for the day, or the latest. Throws 404 `not_found` and `not_scored`, and 400 for a future day. */
  async score(ref: string, asOf: string | undefined): Promise<AccountScore> {
    if (asOf !== undefined) endOfDay(asOf, this.clock.now(), '/asOf');
    const { accountId, id } = await this.ids.get(ref);
    const found = await this.stored.findCompared(accountId, asOf ?? null);
    if (found) return this.describe(id, found);
    throw notScored(asOf ?? null);
  }

  /** `id`: the account's own. */
  describe(id: string, { score: stored, health }: ComparedScore): AccountScore {
    const { score } = stored;
    return {
      accountId: id,
      asOf: stored.asOf,
      runId: stored.runId,
      status: score.status,
      tier: score.tier,
      stage: score.stage,
      renewsAt: score.renewsAt,
      health: describeHealth(stored, health),
      churnRisk: describeRisk(stored),
      value: describeValue(stored),
      contraction: describeContraction(stored),
      expansion: describeExpansion(stored),
    };
  }

  /**
   * Computed now, compared with the accounts of the last full run or, before the first, with all current ones. Throws 404
   * `not_found` and `not_scored`, 400 `in_future` and 422 `missing_exchange_rate`.
   */
  async featuresOf(ref: string, asOf: string | undefined): Promise<AccountFeatureValues> {
    const { accountId, id } = await this.ids.get(ref);
    const day = asOf ?? dayOf(this.clock.now());
    await this.rollUp.drain();
    const { manager } = this.dataSource;
    const peers = (await this.days.newest(manager, day))?.peers;
    const [found] = await this.features.features(manager, day, [accountId], peers);
    if (!found) {
      throw new DomainError('not_scored', 404, `This account is internal or did not exist yet as of ${day}`, {
        ...(asOf !== undefined && { pointer: '/asOf' }),
      });
    }
    if (found.withoutRate !== null)
      throw missingRate(found.withoutRate, this.settings.reportingCurrency, day);
    return { accountId: id, asOf: day, features: found.features };
  }
}
