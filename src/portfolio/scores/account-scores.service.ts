import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { dayOf } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import { FeaturesRepository, missingRate } from '../../scoring/features/features.repository.js';
import { unpack } from '../../scoring/runs/packed-score.js';
import { ScoresRepository } from '../../scoring/runs/scores.repository.js';
import { ScorecardsRepository } from '../../scoring/scorecards/scorecards.repository.js';
import { describeHealth } from './describe-score.js';
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
    const card = await this.scorecards.get(row.scorecard_id);
    const score = unpack(card.layout, row);
    return {
      accountId: account.id,
      asOf: row.as_of,
      runId: row.run_id,
      status: score.status,
      health: describeHealth(card, score),
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
