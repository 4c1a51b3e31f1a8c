import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { actorOf, Caller, type CallerIdentity, Scope } from '../../platform/auth/scopes.js';
import { ScoreRunDto } from '../queue/queued-run.dto.js';
import { ScoreRunRequestDto, ScoreRunRequestedDto } from './score-run.dto.js';
import { ScoreRunsService } from './score-runs.service.js';

/** Not made from the fields: one day and several days do not go together. */
const BODY = { schema: { $ref: getSchemaPath(ScoreRunRequestDto), example: { asOf: '2024-12-31' } } };

@ApiTags('Scores')
@ApiExtraModels(ScoreRunRequestDto)
@Controller('v1/score-runs')
export class ScoreRunsController {
  constructor(private readonly runs: ScoreRunsService) {}

  /**
   * Score all accounts as of today, a past day or each day of a range
   * @remarks The run is queued and starts within seconds; track it at `/v1/score-runs/{id}`. It replaces the stored scores of that day.
   */
  @Post()
  @HttpCode(202)
  @Scope('write')
  @ApiBody(BODY)
  async request(
    @Body() body: ScoreRunRequestDto,
    @Caller() caller: CallerIdentity,
  ): Promise<ScoreRunRequestedDto> {
    const { id, status } = await this.runs.request(body, actorOf(caller));
    return { id, status };
  }

  /** Get the progress of a score run */
  @Get(':id')
  @Scope('read')
  get(@Param('id') id: string): Promise<ScoreRunDto> {
    return this.runs.get(id);
  }
}
