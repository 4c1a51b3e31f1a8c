import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { addDays, endOfDay } from '../../platform/days.js';
import { ScoreChangesService } from '../changes/score-changes.service.js';
import { AccountScoresService } from '../scores/account-scores.service.js';
import { AccountIdsRepository } from './account-ids.repository.js';
import type { AccountPage } from './account.dto.js';
import { AccountRepository } from './account.repository.js';

const RECENT_DAYS = 30;

@Injectable()
export class AccountPageService {
  constructor(
    private readonly ids: AccountIdsRepository,
    private readonly accounts: AccountRepository,
    private readonly scores: AccountScoresService,
    private readonly changes: ScoreChangesService,
    private readonly clock: Clock,
  ) {}

  /** As of now, or of the end of a UTC day. Throws 404 `not_found` and 400 for a day to come. */
  async page(ref: string, asOf: string | undefined): Promise<AccountPage> {
    const now = this.clock.now();
    const until = asOf === undefined ? now : endOfDay(asOf, now, '/asOf');
    const account = await this.ids.get(ref);
    const [directory, score] = await Promise.all([
      this.accounts.directory(account.accountId, until),
      this.scores.find(account, asOf ?? null),
    ]);
    const changes =
      score && (await this.changes.all([account], addDays(score.asOf, -RECENT_DAYS), score.asOf));
    return { ...directory, score, recentChanges: changes?.get(account.accountId) ?? null };
  }
}
