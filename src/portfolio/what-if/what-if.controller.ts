import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { WhatIf, WhatIfDto } from './what-if.dto.js';
import { WhatIfService } from './what-if.service.js';

@ApiTags('Scores')
@Scope('read')
@Controller('v1/accounts')
export class WhatIfController {
  constructor(private readonly whatIf: WhatIfService) {}

  /**
   * Preview an account's score with changed feature values
   * @remarks Uses the scorecard and model of the stored score; nothing is stored. A model shows what correlates with churn, not what prevents it: the
   * difference is a change of the score, not the effect of an action. 404 `not_scored` if no run has scored the account.
   */
  @Post(':id/score/what-if')
  @HttpCode(200)
  ask(@Param('id') id: string, @Body() change: WhatIfDto): Promise<WhatIf> {
    return this.whatIf.preview(id, change);
  }
}
