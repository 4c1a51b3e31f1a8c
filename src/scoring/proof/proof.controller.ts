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
   * @remarks Shows which accounts would change band, and how well the score would have ranked past churn, compared with the current scorecards. Nothing is
   * stored. Validation is the same as for `PUT`. History is cached for ten minutes; reading it takes up to half a minute with many accounts.
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
   * @remarks The weights are learned from churn within 90 days of past month-ends. They stay close to the current ones while few accounts have churned, and follow your history once many have. Curves, conditions and caps do not change; a measure without predictive value is dropped. The `proof` covers the accounts the scorecard applies to, each scored with weights learned from the other accounts. Nothing is stored: `PUT` the draft to use it.
   */
  @Post('suggest')
  @HttpCode(200)
  @ApiResponse({ status: 200, type: CardSuggestion })
  @ApiResponse({ status: 404, description: 'No such scorecard in use' })
  suggest(@Body() { key = 'default' }: SuggestDto): Promise<Suggested> {
    return this.proofs.suggest(key);
  }
}
