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
   * What an account's score would be if some of its features were otherwise
   * @remarks By the scorecard and the model of the stored score; nothing is stored. A model tells what goes along with leaving, not what keeps a
   * customer: the difference is what the score would say, not what a measure would bring. 404 `not_scored` when no run has scored it.
   */
  @Post(':id/score/what-if')
  @HttpCode(200)
  ask(@Param('id') id: string, @Body() asked: WhatIfDto): Promise<WhatIf> {
    return this.whatIf.ask(id, asked);
  }
}
