import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { addDays, dayOf } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import { FeaturesRepository, missingRate } from '../../scoring/features/features.repository.js';
import { LayoutsRepository } from '../../scoring/features/layouts.repository.js';
import { ModelsRepository } from '../../scoring/models/models.repository.js';
import { unpack } from '../../scoring/runs/packed-score.js';
import { ScoresRepository } from '../../scoring/runs/scores.repository.js';
import { ScorecardsRepository } from '../../scoring/scorecards/scorecards.repository.js';
import { describeExpansion, describeHealth, describeRisk, describeValue } from './describe-score.js';
import type { AccountFeatureValues, AccountScore } from './score.dto.js';

interface Account {
  account_id: number;
  id: string;
}

@Injectable()
export class AccountScoresService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scores: ScoresRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly layouts: LayoutsRepository,
    private readonly models: ModelsRepository,
    private readonly features: FeaturesRepository,
    private readonly rollUp: RollUpService,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** As stored for the day, or the newest. Throws 404 `not_found` and `not_scored`. */
  async score(ref: string, asOf: string | undefined): Promise<AccountScore> {
    const account = await this.account(ref);
    const row = await this.scores.find(this.dataSource.manager, account.account_id, asOf ?? null);
    if (!row) {
      const day = asOf === undefined ? 'for this account' : `for this account as of ${asOf}`;
      throw new DomainError(
        'not_scored',
        404,
        `No score is stored ${day}: ask for one with POST /v1/score-runs`,
      );
    }
    const { layout } = await this.layouts.get(row.layout_id);
    const score = unpack(layout, row);
    const described = {
      card: await this.scorecards.get(row.scorecard_id),
      model: await this.models.get(row.model_id),
      score,
      currency: row.currency,
    };
    const before = async (days: number): Promise<number | undefined> => {
      const { manager } = this.dataSource;
      const found = await this.scores.healthAround(manager, [account.account_id], addDays(row.as_of, -days));
      return found.get(account.account_id);
    };
    return {
      accountId: account.id,
      asOf: row.as_of,
      runId: row.run_id,
      status: score.status,
      tier: score.tier,
      stage: score.stage,
      renewsAt: score.renewsAt,
      health: describeHealth(described, { days7: await before(7), days30: await before(30) }),
      churnRisk: describeRisk(described),
      value: describeValue(described),
      expansion: describeExpansion(described),
    };
  }

  /** Worked out now. Throws 404 `not_found` and `not_scored`, 400 `in_future` and 422 `missing_exchange_rate`. */
  async featuresOf(ref: string, asOf: string | undefined): Promise<AccountFeatureValues> {
    const account = await this.account(ref);
    const day = asOf ?? dayOf(this.clock.now());
    await this.rollUp.drain();
    const [found] = await this.features.features(this.dataSource.manager, day, [account.account_id]);
    if (!found) {
      throw new DomainError('not_scored', 404, `This account is internal or did not exist yet as of ${day}`);
    }
    if (found.withoutRate !== null)
      throw missingRate(found.withoutRate, this.settings.reportingCurrency, day);
    return { accountId: account.id, asOf: day, features: found.features };
  }

  private async account(ref: string): Promise<Account> {
    const [row] = await this.dataSource.query<Account[]>(
      'SELECT account_id, account.id FROM account_ref JOIN account USING (account_id) WHERE ref = $1',
      [ref],
    );
    if (!row) throw new DomainError('not_found', 404, 'no account has this id');
    return row;
  }
}
