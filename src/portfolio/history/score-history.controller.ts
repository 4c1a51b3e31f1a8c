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
   * List an account's daily scores
   * @remarks Up to 1,000 days per request. Days without a score run are missing; request them with `POST /v1/score-runs`.
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
   * Compare an account's scores between two days
   * @remarks Uses the newest score stored up to each day; `from.asOf` and `to.asOf` say which. Changes to the scorecard are separated from changes at the customer by also scoring the earlier facts with the later scorecard. The parts add up exactly to the difference.
   * 404 `not_scored` if no score was stored up to a day.
   */
  @Get(':id/score-changes')
  async between(@Param('id') id: string, @Query() query: ChangesQueryDto): Promise<ScoreChanges> {
    const { from, to } = dayRange(query, this.clock.now(), 30);
    return this.changes.get(await this.ids.get(id), from, to);
  }
}
