import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { actorOf, Caller, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { MergeDto } from './merge.dto.js';
import { RemovalService } from './removal.service.js';

@ApiTags('Records')
@Controller('v1/accounts')
export class MergeController {
  constructor(private readonly removal: RemovalService) {}

  /**
   * Merge an account into another
   * @remarks Moves all facts to the other account. The old ids keep working and point to it. This cannot be undone.
   */
  @Post(':id/merge')
  @HttpCode(204)
  @Scope('ingest')
  @ApiResponse({ status: 204, description: 'Merged.' })
  @ApiResponse({ status: 409, description: 'Both ids already belong to the same account (`same_account`)' })
  async merge(
    @Param('id') id: string,
    @Body() { into }: MergeDto,
    @Caller() caller: CallerIdentity,
  ): Promise<void> {
    await this.removal.merge(id, into, actorOf(caller));
  }
}
