import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Scope } from '../../platform/auth/scopes.js';
import { Clock } from '../../platform/clock.js';
import { Cursors } from '../../platform/cursors.js';
import { addDays, DAY_MS, dayOf, endOfDay, startOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import {
  AccountPage,
  AccountUsage,
  AsOfQueryDto,
  DaysQueryDto,
  TimelinePage,
  TimelineQueryDto,
} from './account.dto.js';
import { AccountIdsRepository } from './account-ids.repository.js';
import { AccountPageService } from './account-page.service.js';
import { AccountRepository } from './account.repository.js';
import { TimelineRepository, type TimelinePosition } from './timeline.repository.js';

const MAX_DAYS = 1_000;

@ApiTags('Accounts')
@Scope('read')
@Controller('v1/accounts')
export class AccountController {
  constructor(
    private readonly pages: AccountPageService,
    private readonly ids: AccountIdsRepository,
    private readonly accounts: AccountRepository,
    private readonly timelines: TimelineRepository,
    private readonly rollUp: RollUpService,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  /**
   * Get an account: its record, score with reasons, recent changes, contacts and subscriptions
   * @remarks With `asOf`, the account as of the end of that day, with that day's stored score.
   */
  @Get(':id')
  get(@Param('id') id: string, @Query() { asOf }: AsOfQueryDto): Promise<AccountPage> {
    return this.pages.page(id, asOf);
  }

  /** Get daily events and active users */
  @Get(':id/usage')
  async usage(@Param('id') id: string, @Query() query: DaysQueryDto): Promise<AccountUsage> {
    const to = query.to ?? dayOf(this.clock.now());
    const from = query.from ?? addDays(to, -27);
    const days = (startOfDay(to, '/to').getTime() - startOfDay(from, '/from').getTime()) / DAY_MS;
    if (days < 0)
      throw new DomainError('out_of_range', 400, '`from` must not be after `to`', { pointer: '/from' });
    if (days >= MAX_DAYS)
      throw new DomainError('out_of_range', 400, `A range covers at most ${MAX_DAYS} days`, {
        pointer: '/from',
      });
    const { accountId } = await this.ids.get(id);
    await this.rollUp.drain();
    return { accountId: id, items: await this.accounts.usage(accountId, from, to) };
  }

  /** List an account's timeline, newest first */
  @Get(':id/timeline')
  async timeline(
    @Param('id') id: string,
    @Query() { from, to, limit = 100, cursor }: TimelineQueryDto,
  ): Promise<TimelinePage> {
    const { accountId } = await this.ids.get(id);
    const now = this.clock.now();
    const list = `timeline/${accountId}`;
    const after = cursor === undefined ? null : (this.cursors.decode(list, cursor) as TimelinePosition);
    await this.rollUp.drain();
    const rows = await this.timelines.list(
      accountId,
      from === undefined ? null : startOfDay(from, '/from'),
      to === undefined ? now : endOfDay(to, now, '/to'),
      after,
      limit + 1,
    );
    return this.cursors.page(list, rows, limit, ({ at, kind, what, id: recordId }) => [
      at,
      kind,
      what,
      recordId,
    ]);
  }
}
