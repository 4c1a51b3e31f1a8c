import { Module } from '@nestjs/common';
import { CsmsController } from './csms/csms.controller.js';
import { CsmsRepository } from './csms/csms.repository.js';
import { CsmsService } from './csms/csms.service.js';
import { DirectoryRepository } from './directory.repository.js';
import { TouchedAccounts } from './touched-accounts.repository.js';

@Module({
  controllers: [CsmsController],
  providers: [DirectoryRepository, TouchedAccounts, CsmsRepository, CsmsService],
  exports: [DirectoryRepository, TouchedAccounts],
})
export class AccountsModule {}
