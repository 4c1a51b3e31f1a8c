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
   * Get an account's hierarchy and its combined figures
   * @remarks Based on the newest scores. If parents form a cycle, the requested account counts as the root.
   */
  @Get(':id/family')
  get(@Param('id') id: string): Promise<AccountFamily> {
    return this.families.of(id);
  }
}
