import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { AccountFamily } from './family.dto.js';
import { FamilyService } from './family.service.js';

@ApiTags('Accounts')
@Scope('read')
@Controller('v1/accounts')
export class FamilyController {
  constructor(private readonly families: FamilyService) {}

  /**
   * The accounts below an account, and what they come to together
   * @remarks By their newest scores. Where parents go round in a circle, the account that is asked for counts as the top.
   */
  @Get(':id/family')
  get(@Param('id') id: string): Promise<AccountFamily> {
    return this.families.of(id);
  }
}
