import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { AccountList } from './account-list.dto.js';
import { AccountListService } from './account-list.service.js';
import { AccountsQueryDto } from './accounts-query.dto.js';

@ApiTags('Accounts')
@Scope('read')
@Controller('v1/accounts')
export class AccountListController {
  constructor(private readonly accounts: AccountListService) {}

  /**
   * The accounts in order, each with its score and the strongest reasons
   * @remarks As stored by score runs: empty before the first one has ended, 404 `not_scored` for a day without one. Churned accounts
   * are listed only when asked for by status; internal and merged ones never.
   */
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: AccountList })
  async list(@Query() query: AccountsQueryDto): Promise<string> {
    const { items, nextCursor } = await this.accounts.list(query);
    return `{"items":[${items.join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`;
  }
}
