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
   * Retrain a model on this installation's history
   * @remarks Trainings are queued and start within seconds, one at a time; track them at `/v1/models/{key}/trainings/{id}`. If a training of the
   * model is already queued, that one is returned. A training creates a version of the model with a report. If it is good enough, the next run uses it.
   */
  @Post()
  @HttpCode(202)
  @Scope('write')
  async request(@Param('key') key: string, @Caller() caller: CallerIdentity): Promise<TrainingRequestedDto> {
    const training = await this.trainings.request(modelKeyOf(key), actorOf(caller));
    return { id: training.id, key: training.key, status: training.status };
  }

  /** List the trainings of a model, newest first */
  @Get()
  @Scope('read')
  list(@Param('key') key: string, @Query() { limit = 100, cursor }: PageQueryDto): Promise<TrainingPage> {
    return this.trainings.list(modelKeyOf(key), limit, cursor);
  }

  /** Get the progress of a training */
  @Get(':id')
  @Scope('read')
  get(@Param('key') key: string, @Param('id') id: string): Promise<TrainingDto> {
    return this.trainings.get(modelKeyOf(key), id);
  }
}
