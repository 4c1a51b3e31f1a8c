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
   * List the versions of all models, newest first
   * @remarks Includes every version made by a training, with its `report`, and the versions in use. Between trainings, score runs recalibrate `prior` models to current base rates, which creates versions without a report; `adjusted=true` includes them.
   */
  @Get()
  list(@Query() query: ModelsQueryDto): Promise<ModelVersionPage> {
    return this.models.list(query);
  }

  /** Get a version of a model */
  @Get(':key/:version')
  @ApiParam({ name: 'key', enum: MODEL_KEYS })
  get(@Param('key') key: string, @Param('version') version: string): Promise<ModelVersionDto> {
    return this.models.get(modelKeyOf(key), version);
  }
}
