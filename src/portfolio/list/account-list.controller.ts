import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
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
   * List accounts with their scores and top reasons
   * @remarks Empty until the first score run has finished; 404 `not_scored` for a day without a run. Churned accounts are included only when
   * requested by status; internal and merged accounts never are.
   */
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: AccountList })
  @ApiResponse({ status: 404, description: 'No scores are stored for this day (`not_scored`)' })
  async list(@Query() query: AccountsQueryDto): Promise<string> {
    const { items, nextCursor } = await this.accounts.list(query);
    return `{"items":[${items.join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`;
  }
}
