import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { MODEL_KEYS } from '../model/training/trained.js';
import { modelKeyOf } from './model-key.js';
import { ModelsQueryDto, ModelVersionDto, ModelVersionPage } from './model.dto.js';
import { ModelsService } from './models.service.js';

@ApiTags('Models')
@Scope('read')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  /**
   * The versions of all models, the newest first
   * @remarks Those that a training has led to, each with its `report`, and those in use. Between trainings a score run adjusts a model that is a
   * judgement to the base rates of its day, in a version without a report: `adjusted=true` lists these too.
   */
  @Get()
  list(@Query() query: ModelsQueryDto): Promise<ModelVersionPage> {
    return this.models.list(query);
  }

  /** One version of a model */
  @Get(':key/:version')
  @ApiParam({ name: 'key', enum: MODEL_KEYS })
  get(@Param('key') key: string, @Param('version') version: string): Promise<ModelVersionDto> {
    return this.models.get(modelKeyOf(key), version);
  }
}
