import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { actorOf, Caller, type CallerIdentity, Scope } from '../../platform/auth/scopes.js';
import { ApiIfMatch, entityTag, IfMatch } from '../../platform/http/entity-tag.js';
import type { Scorecard } from '../model/scorecard.js';
import {
  CardDefinitionDto,
  ScorecardListDto,
  ScorecardPutDto,
  ScorecardQueryDto,
  ScorecardWithVersionsDto,
} from './scorecard.dto.js';
import { type CardVersion, ScorecardsRepository, type StoredCard } from './scorecards.repository.js';
import { ScorecardsService } from './scorecards.service.js';

interface CardView extends CardVersion {
  readonly key: string;
  readonly card: Omit<Scorecard, 'key'>;
}

@ApiTags('Scorecards')
@Controller('v1/scorecards')
export class ScorecardsController {
  constructor(
    private readonly scorecards: ScorecardsService,
    private readonly stored: ScorecardsRepository,
    private readonly dataSource: DataSource,
  ) {}

  /** List the scorecards in use, each in its latest version */
  @Get()
  @Scope('read')
  @ApiResponse({ status: 200, type: ScorecardListDto })
  async list(): Promise<{ items: CardView[]; nextCursor: null }> {
    return { items: (await this.stored.active()).map(viewOf), nextCursor: null };
  }

  /**
   * Get a scorecard and its versions
   * @remarks Send the ETag as `If-Match` to change the scorecard.
   */
  @Get(':key')
  @Scope('read')
  @ApiResponse({ status: 200, type: ScorecardWithVersionsDto })
  async get(
    @Param('key') key: string,
    @Query() { version }: ScorecardQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CardView & { versions: CardVersion[] }> {
    const card = await this.scorecards.get(key, version === undefined ? null : Number(version));
    response.set('etag', entityTag(card.version));
    return { ...viewOf(card), versions: await this.stored.versions(this.dataSource.manager, key) };
  }

  /**
   * Create or replace a scorecard
   * @remarks Creates a new version if the definition differs, and scores all accounts with it as of today. Past days keep their scores until you request
   * a run. Errors list every invalid field.
   */
  @Put(':key')
  @Scope('write')
  @ApiBody({ type: CardDefinitionDto })
  @ApiIfMatch()
  @ApiResponse({
    status: 200,
    description: 'A new version was created, or nothing changed',
    type: ScorecardPutDto,
  })
  @ApiResponse({ status: 201, description: 'The scorecard was created', type: ScorecardPutDto })
  @ApiResponse({
    status: 409,
    description: 'No scorecard would cover all accounts (`no_card_for_all`)',
  })
  async put(
    @Param('key') key: string,
    @Body() body: unknown,
    @IfMatch() ifMatch: string | undefined,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CardView & { scoreRunId: string | null }> {
    const { stored, created, scoreRunId } = await this.scorecards.put(key, body, {
      actor: actorOf(caller),
      ifMatch,
    });
    response.status(created ? 201 : 200).set('etag', entityTag(stored.version));
    return { ...viewOf(stored), scoreRunId };
  }

  /**
   * Retire a scorecard
   * @remarks Its versions are kept because stored scores refer to them. PUT it again to bring it back.
   */
  @Delete(':key')
  @HttpCode(204)
  @Scope('write')
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'The scorecard is retired' })
  @ApiResponse({
    status: 409,
    description: 'It is the only scorecard that covers all accounts (`no_card_for_all`)',
  })
  async retire(
    @Param('key') key: string,
    @IfMatch() ifMatch: string | undefined,
    @Caller() caller: CallerIdentity,
  ): Promise<void> {
    await this.scorecards.retire(key, { actor: actorOf(caller), ifMatch });
  }
}

function viewOf({ card: { key, ...card }, version, builtIn, retired, createdAt }: StoredCard): CardView {
  return { key, version, builtIn, retired, createdAt, card };
}
