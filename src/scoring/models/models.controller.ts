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
   * @remarks A score run makes a new version of a model that is a judgement, with the base rates of its day; a training makes one with a report.
   */
  @Get()
  list(@Query() { key, limit = 100, cursor }: ModelsQueryDto): Promise<ModelVersionPage> {
    return this.models.list(key, limit, cursor);
  }

  /** One version of a model */
  @Get(':key/:version')
  @ApiParam({ name: 'key', enum: MODEL_KEYS })
  get(@Param('key') key: string, @Param('version') version: string): Promise<ModelVersionDto> {
    return this.models.get(modelKeyOf(key), version);
  }
}
