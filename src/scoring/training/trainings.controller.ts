import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { actorOf, Caller, type CallerIdentity, Scope } from '../../platform/auth/scopes.js';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { MODEL_KEYS } from '../model/training/trained.js';
import { modelKeyOf } from '../models/model-key.js';
import { TrainingDto, TrainingPage, TrainingRequestedDto } from './training.dto.js';
import { TrainingsService } from './trainings.service.js';

@ApiTags('Models')
@ApiParam({ name: 'key', enum: MODEL_KEYS })
@Controller('v1/models/:key/trainings')
export class TrainingsController {
  constructor(private readonly trainings: TrainingsService) {}

  /**
   * Learn anew from this installation's own history
   * @remarks It is queued and begins within seconds, one at a time; follow it at `/v1/models/{key}/trainings/{id}`. While one of the model waits
   * already, that one is answered. What it leads to is a version of the model with a report; the next run scores by it if it was taken over.
   */
  @Post()
  @HttpCode(202)
  @Scope('write')
  async request(@Param('key') key: string, @Caller() caller: CallerIdentity): Promise<TrainingRequestedDto> {
    const training = await this.trainings.request(modelKeyOf(key), actorOf(caller));
    return { id: training.id, key: training.key, status: training.status };
  }

  /** The trainings of a model, the newest first */
  @Get()
  @Scope('read')
  list(@Param('key') key: string, @Query() { limit = 100, cursor }: PageQueryDto): Promise<TrainingPage> {
    return this.trainings.list(modelKeyOf(key), limit, cursor);
  }

  /** How far a training has come */
  @Get(':id')
  @Scope('read')
  get(@Param('key') key: string, @Param('id') id: string): Promise<TrainingDto> {
    return this.trainings.get(modelKeyOf(key), id);
  }
}
