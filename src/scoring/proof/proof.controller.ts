import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { PreviewService } from './preview.service.js';
import { CardPreview, CardSuggestion, DraftCardDto, SuggestDto } from './proof.dto.js';
import { ProofService, type Suggested } from './proof.service.js';

@ApiTags('Scorecards')
@Scope('read')
@Controller('v1/scorecards')
export class ProofController {
  constructor(
    private readonly previews: PreviewService,
    private readonly proofs: ProofService,
  ) {}

  /**
   * Preview a scorecard before you use it
   * @remarks Shows which accounts would change band, and how well the score would have ranked past churn, compared with the cards in use. Nothing is
   * stored. Errors are those of `PUT`. History is reread every ten minutes, which takes up to half a minute for many accounts.
   */
  @Post('preview')
  @HttpCode(200)
  @ApiBody({ type: DraftCardDto })
  @ApiResponse({ status: 200, type: CardPreview })
  @ApiResponse({
    status: 409,
    description: 'No scorecard would cover all accounts (`no_card_for_all`)',
  })
  preview(@Body() body: unknown): Promise<CardPreview> {
    return this.previews.preview(body);
  }

  /**
   * Suggest weights from history, as a draft to review
   * @remarks Learned from churn within 90 days of past month-ends: close to the current weights while few accounts have churned, driven by history once
   * many have. Curves, conditions and caps stay; a measure without predictive value is dropped. The proof covers the accounts the card serves, each
   * judged by weights learned from the others. Nothing is stored: `PUT` the draft to use it.
   */
  @Post('suggest')
  @HttpCode(200)
  @ApiResponse({ status: 200, type: CardSuggestion })
  @ApiResponse({ status: 404, description: 'No such scorecard in use' })
  suggest(@Body() { key = 'default' }: SuggestDto): Promise<Suggested> {
    return this.proofs.suggest(key);
  }
}
