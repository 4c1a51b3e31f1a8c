import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { inTransaction } from '../../platform/database/transaction.js';
import type { ProblemItem } from '../../platform/errors.js';
import { ReleaseService } from '../quarantine/release.service.js';
import { AliasesRepository, type Alias } from './aliases.repository.js';
import { MAX_IDS_OF_PERSON, type AliasVerdict } from './person-graph.js';

export interface DatedAlias extends Alias {
  /** When it was stated, epoch ms. */
  readonly at: number;
}

/** Why an alias is rejected, in terms of the fields of an `alias` call. */
export const ALIAS_PROBLEMS: Partial<Record<AliasVerdict, ProblemItem>> = {
  taken: {
    code: 'alias_taken',
    detail: 'previousId is already an alias of another user',
    pointer: '/previousId',
  },
  circle: {
    code: 'alias_circle',
    detail: 'userId is already an alias of previousId, so this alias would create a cycle',
    pointer: '/userId',
  },
  too_many: {
    code: 'too_many_aliases',
    detail: `userId would have more than ${MAX_IDS_OF_PERSON} ids: send an id that belongs to one person`,
    pointer: '/userId',
  },
};

/** Stores aliases, then releases the facts that waited for the account of one of the ids. */
@Injectable()
export class AliasIntakeService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: DirectoryRepository,
    private readonly aliases: AliasesRepository,
    private readonly audit: AuditLog,
    private readonly release: ReleaseService,
  ) {}

  /** Returns a verdict for each alias, in order. If aliases contradict each other, the earliest one wins. */
  async take(stated: readonly DatedAlias[], actor: string): Promise<AliasVerdict[]> {
    if (stated.length === 0) return [];
    const inTime = stated.map((one, index) => ({ ...one, index })).sort((a, b) => a.at - b.at);
    const verdicts = await inTransaction(this.dataSource, async (manager) => {
      await this.directory.lockShared(manager);
      const found = await this.aliases.link(manager, inTime);
      const aliased = found.filter((verdict) => verdict === 'linked').length;
      if (aliased > 0)
        await this.audit.record(manager, {
          actor,
          action: 'users.aliased',
          target: 'users',
          detail: { aliased },
        });
      return found;
    });
    const linked = inTime.filter((_, i) => verdicts[i] === 'linked').map(({ alias }) => alias);
    await this.release.release({ accounts: [], users: linked });
    const inOrder = new Array<AliasVerdict>(stated.length);
    inTime.forEach(({ index }, i) => (inOrder[index] = verdicts[i] ?? 'known'));
    return inOrder;
  }
}
