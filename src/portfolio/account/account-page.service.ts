import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { endOfDay } from '../../platform/days.js';
import { changesBetween } from '../changes/score-changes.service.js';
import { AccountScoresService } from '../scores/account-scores.service.js';
import { StoredScoresRepository } from '../scores/stored-scores.repository.js';
import { AccountIdsRepository } from './account-ids.repository.js';
import type { AccountPage } from './account.dto.js';
import { AccountRepository } from './account.repository.js';

@Injectable()
export class AccountPageService {
  constructor(
    private readonly ids: AccountIdsRepository,
    private readonly accounts: AccountRepository,
    private readonly scores: AccountScoresService,
    private readonly stored: StoredScoresRepository,
    private readonly clock: Clock,
  ) {}

  /** As of now or the end of a UTC day. Throws 404 `not_found` and 400 for a future day. */
  async page(ref: string, asOf: string | undefined): Promise<AccountPage> {
    const now = this.clock.now();
    const until = asOf === undefined ? now : endOfDay(asOf, now, '/asOf');
    const { accountId, id } = await this.ids.get(ref);
    const [directory, found] = await Promise.all([
      this.accounts.directory(accountId, until),
      this.stored.findCompared(accountId, asOf ?? null),
    ]);
    if (!found) return { ...directory, score: null, recentChanges: null };
    return {
      ...directory,
      score: this.scores.describe(id, found),
      recentChanges: found.monthBefore && changesBetween(id, found.monthBefore, found.score),
    };
  }
}
