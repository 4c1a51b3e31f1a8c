import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { Settings } from '../../platform/settings.js';
import { catalogueOf } from '../../scoring/features/catalogue.js';
import { MISSING_RATE_RESPONSE } from '../../scoring/features/features.repository.js';
import { AccountScoresService } from './account-scores.service.js';
import {
  AccountFeatureValues,
  AccountScore,
  FeatureCatalogue,
  FeaturesQueryDto,
  ScoreQueryDto,
} from './score.dto.js';

@ApiTags('Scores')
@Scope('read')
@Controller('v1')
export class ScoresController {
  constructor(
    private readonly scores: AccountScoresService,
    private readonly settings: Settings,
  ) {}

  /**
   * Get an account's health score and its breakdown
   * @remarks As stored by a score run. 404 `not_scored` if there is none yet; request one with `POST /v1/score-runs`.
   */
  @Get('accounts/:id/score')
  score(@Param('id') id: string, @Query() { asOf }: ScoreQueryDto): Promise<AccountScore> {
    return this.scores.score(id, asOf);
  }

  /** Get an account's feature values, now or on a past day */
  @Get('accounts/:id/features')
  @ApiOkResponse({ type: AccountFeatureValues })
  @ApiResponse(MISSING_RATE_RESPONSE)
  features(@Param('id') id: string, @Query() { asOf }: FeaturesQueryDto): Promise<AccountFeatureValues> {
    return this.scores.featuresOf(id, asOf);
  }

  /** List all features with their meaning, unit and source */
  @Get('features')
  catalogue(): FeatureCatalogue {
    const items = catalogueOf(this.settings).map(({ key, unit, meaning, source, decimals }) => ({
      key,
      unit,
      meaning,
      source,
      decimals,
    }));
    return { items, nextCursor: null };
  }
}
