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
   * Say what an account's health score is, with a reason and for a time
   * @remarks It takes the place of the score that the facts make, within seconds, and is shown as a line of its own. One that holds is replaced.
   * An expiry that is not ahead is 400 `expiry_in_the_past`.
   */
  @Put(':id/health-override')
  @Scope('act')
  @ApiResponse({ status: 200, description: 'It holds.', type: HealthOverrideDto })
  put(
    @Param('id') id: string,
    @Body() override: OverrideDto,
    @Caller() caller: CallerIdentity,
  ): Promise<HealthOverrideDto> {
    return this.overrides.put(id, override, actorOf(caller));
  }

  /**
   * Let the facts make the score again
   * @remarks Where no override holds nothing is changed.
   */
  @Delete(':id/health-override')
  @HttpCode(204)
  @Scope('act')
  @ApiResponse({ status: 204, description: 'No override holds.' })
  async end(@Param('id') id: string, @Caller() caller: CallerIdentity): Promise<void> {
    await this.overrides.end(id, actorOf(caller));
  }

  /** Who put what in place of the score, and when */
  @Get(':id/health-overrides')
  @Scope('read')
  async list(@Param('id') id: string): Promise<HealthOverrideListDto> {
    return { items: await this.overrides.list(id), nextCursor: null };
  }
}
