import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Cursors } from '../cursors.js';
import { PageQueryDto } from '../page-query.dto.js';
import { ApiKeyPageDto, CreatedApiKeyDto, NewApiKeyDto } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';
import { Caller, type CallerIdentity, Scope } from './scopes.js';

@ApiTags('API keys')
@Scope('admin')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Make an API key
   * @remarks The response contains the key, which is not shown again.
   */
  @Post()
  create(@Body() dto: NewApiKeyDto, @Caller() caller: CallerIdentity): Promise<CreatedApiKeyDto> {
    return this.keys.create(caller, dto);
  }

  /** List the API keys, without the keys themselves */
  @Get()
  async list(@Query() { limit = 100, cursor }: PageQueryDto): Promise<ApiKeyPageDto> {
    const after = cursor === undefined ? null : String(this.cursors.decode('api-keys', cursor));
    return this.cursors.page('api-keys', await this.keys.list(after, limit + 1), limit, ({ id }) => id);
  }

  /**
   * Revoke an API key
   * @remarks The key stops working everywhere within a second. Revoking it again has no effect.
   */
  @Delete(':id')
  @HttpCode(204)
  @ApiResponse({
    status: 409,
    description: 'It is the last active key with the `admin` scope (`last_admin_key`)',
  })
  revoke(@Param('id') id: string, @Caller() caller: CallerIdentity): Promise<void> {
    return this.keys.revoke(caller, id);
  }
}
