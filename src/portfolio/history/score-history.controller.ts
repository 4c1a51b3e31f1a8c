import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { Clock } from '../../platform/clock.js';
import { AccountIdsRepository } from '../account/account-ids.repository.js';
import { ScoreChanges } from '../changes/score-changes.dto.js';
import { ScoreChangesService } from '../changes/score-changes.service.js';
import { StoredScoresRepository } from '../scores/stored-scores.repository.js';
import { dayRange, expectAtMost } from './day-range.js';
import { ChangesQueryDto, HistoryQueryDto } from './day-range.dto.js';
import { scoreOfDay } from './describe-day.js';
import { ScoreHistory } from './score-history.dto.js';

const MAX_DAYS = 1_000;
const DEFAULT_DAYS = 90;

@ApiTags('Scores')
@Scope('read')
@Controller('v1/accounts')
export class ScoreHistoryController {
  constructor(
    private readonly ids: AccountIdsRepository,
    private readonly stored: StoredScoresRepository,
    private readonly changes: ScoreChangesService,
    private readonly clock: Clock,
  ) {}

  /**
   * How an account's score has gone, day by day
   * @remarks Up to 1,000 days at once. Days without a score run are not there: ask for them with `POST /v1/score-runs`.
   */
  @Get(':id/score-history')
  async history(@Param('id') id: string, @Query() query: HistoryQueryDto): Promise<ScoreHistory> {
    const range = dayRange(query, this.clock.now(), DEFAULT_DAYS - 1);
    expectAtMost(MAX_DAYS, range);
    const { accountId } = await this.ids.get(id);
    const days = await this.stored.history(accountId, range.from, range.to);
    return { items: days.map(scoreOfDay), nextCursor: null };
  }

  /**
   * What has changed about an account between two days, and by how much that moved its score
   * @remarks Of each day the newest score stored up to it is taken; `from.asOf` and `to.asOf` say which. A change of the scorecard is told apart
   * from a change of the customer: the facts of before are held against the card of after. All parts add up to the difference exactly.
   * 404 `not_scored` when no score was stored up to a day.
   */
  @Get(':id/score-changes')
  async between(@Param('id') id: string, @Query() query: ChangesQueryDto): Promise<ScoreChanges> {
    const { from, to } = dayRange(query, this.clock.now(), 30);
    return this.changes.get(await this.ids.get(id), from, to);
  }
}
