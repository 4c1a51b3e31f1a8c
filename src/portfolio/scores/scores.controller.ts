import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { Settings } from '../../platform/settings.js';
import { catalogueOf } from '../../scoring/features/catalogue.js';
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
   * How healthy an account is, and what that number is made of
   * @remarks As a run stored it. 404 `not_scored` when none has: ask for one with `POST /v1/score-runs`.
   */
  @Get('accounts/:id/score')
  score(@Param('id') id: string, @Query() { asOf }: ScoreQueryDto): Promise<AccountScore> {
    return this.scores.score(id, asOf);
  }

  /** What is known of an account, as of now or of a past day */
  @Get('accounts/:id/features')
  features(@Param('id') id: string, @Query() { asOf }: FeaturesQueryDto): Promise<AccountFeatureValues> {
    return this.scores.featuresOf(id, asOf);
  }

  /** Every feature: what it says, its unit and where it comes from */
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
