import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { actorOf, Caller, type CallerIdentity, Scope } from '../../platform/auth/scopes.js';
import { HealthOverrideDto, HealthOverrideListDto, OverrideDto } from './override.dto.js';
import { OverridesService } from './overrides.service.js';

@ApiTags('Scorecards')
@Controller('v1/accounts')
export class OverridesController {
  constructor(private readonly overrides: OverridesService) {}

  /**
   * Override an account's health score
   * @remarks Takes effect within seconds, is shown as a separate line and replaces an active override. An expiry that is not in the future is
   * 400 `expiry_in_the_past`.
   */
  @Put(':id/health-override')
  @Scope('act')
  @ApiResponse({ status: 200, description: 'The override is active', type: HealthOverrideDto })
  put(
    @Param('id') id: string,
    @Body() override: OverrideDto,
    @Caller() caller: CallerIdentity,
  ): Promise<HealthOverrideDto> {
    return this.overrides.put(id, override, actorOf(caller));
  }

  /**
   * Remove the override
   * @remarks Has no effect if there is no active override.
   */
  @Delete(':id/health-override')
  @HttpCode(204)
  @Scope('act')
  @ApiResponse({ status: 204, description: 'No override is active' })
  async end(@Param('id') id: string, @Caller() caller: CallerIdentity): Promise<void> {
    await this.overrides.end(id, actorOf(caller));
  }

  /** List an account's overrides */
  @Get(':id/health-overrides')
  @Scope('read')
  async list(@Param('id') id: string): Promise<HealthOverrideListDto> {
    return { items: await this.overrides.list(id), nextCursor: null };
  }
}
