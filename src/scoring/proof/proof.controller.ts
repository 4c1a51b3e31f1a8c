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
   * What a scorecard would do before it is put in use
   * @remarks Which accounts go to another band, and how well the score would have told who left, beside the cards in use. Nothing is stored. Errors
   * are those of `PUT`. The past is read anew every ten minutes; of many accounts that takes up to half a minute.
   */
  @Post('preview')
  @HttpCode(200)
  @ApiBody({ type: DraftCardDto })
  @ApiResponse({ status: 200, type: CardPreview })
  @ApiResponse({
    status: 409,
    description: 'No scorecard would be left for all accounts (`no_card_for_all`)',
  })
  preview(@Body() body: unknown): Promise<CardPreview> {
    return this.previews.preview(body);
  }

  /**
   * Weights that history supports, as a draft to review
   * @remarks From who left within 90 days of past month-ends: near the present weights while few have left, what the past says
   * when many did. Curves, conditions and caps stay as they are; a measure that tells nothing is left out. The proof is of the accounts that the card serves,
   * each judged by weights that were learned from the others. Nothing is stored: `PUT` the draft to use it.
   */
  @Post('suggest')
  @HttpCode(200)
  @ApiResponse({ status: 200, type: CardSuggestion })
  @ApiResponse({ status: 404, description: 'There is no such scorecard in use' })
  suggest(@Body() { key = 'default' }: SuggestDto): Promise<Suggested> {
    return this.proofs.suggest(key);
  }
}
