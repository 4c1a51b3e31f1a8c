import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { actorOf, Caller, type CallerIdentity, Scope } from '../../platform/auth/scopes.js';
import { ChangesWhatWasRead, entityTag, IfMatch } from '../../platform/http/entity-tag.js';
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

  /** The scorecards in use, each in its newest version */
  @Get()
  @Scope('read')
  @ApiResponse({ status: 200, type: ScorecardListDto })
  async list(): Promise<{ items: CardView[]; nextCursor: null }> {
    return { items: (await this.stored.active()).map(viewOf), nextCursor: null };
  }

  /**
   * A scorecard, and which versions it has had
   * @remarks The answer's ETag is what `If-Match` asks for when it is changed.
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
   * Put a scorecard in use, or in place of what it said
   * @remarks A new version when it differs. All accounts are then scored by it, as of today; past days stay as they are until a run is asked
   * for. Errors name every place that is wrong.
   */
  @Put(':key')
  @Scope('write')
  @ApiBody({ type: CardDefinitionDto })
  @ChangesWhatWasRead()
  @ApiResponse({ status: 200, description: 'A new version, or nothing changed.', type: ScorecardPutDto })
  @ApiResponse({ status: 201, description: 'A new scorecard.', type: ScorecardPutDto })
  @ApiResponse({
    status: 409,
    description: 'No scorecard would be left for all accounts (`no_card_for_all`)',
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
   * Take a scorecard out of use
   * @remarks Its versions stay, since scores were made by them; putting it again brings it back.
   */
  @Delete(':key')
  @HttpCode(204)
  @Scope('write')
  @ChangesWhatWasRead()
  @ApiResponse({ status: 204, description: 'It serves nobody any more.' })
  @ApiResponse({ status: 409, description: 'It is the only scorecard for all accounts (`no_card_for_all`)' })
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
