import { Module } from '@nestjs/common';
import { DirectoryRepository } from './directory.repository.js';
import { TouchedAccounts } from './touched-accounts.repository.js';

@Module({
  providers: [DirectoryRepository, TouchedAccounts],
  exports: [DirectoryRepository, TouchedAccounts],
})
export class AccountsModule {}
