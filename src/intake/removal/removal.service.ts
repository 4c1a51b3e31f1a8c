import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DomainError } from '../../platform/errors.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import { ErasureService } from '../erasure/erasure.service.js';
import { EventsRepository } from '../events/events.repository.js';
import { RollUpService } from '../events/roll-up.service.js';
import { messageHash } from '../events/message-hash.js';
import type { RecordKind } from '../records/record-kind.js';
import { auditTarget } from '../records/record-writes.service.js';
import { RemovalRepository } from './removal.repository.js';

function notFound(kind: string): DomainError {
  return new DomainError('not_found', 404, `No record in ${kind} has this id`);
}

/** Deletes, erases and merges. These are rare and run exclusively, so that no fact slips in while they work. */
@Injectable()
export class RemovalService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: DirectoryRepository,
    private readonly removal: RemovalRepository,
    private readonly erasure: ErasureService,
    private readonly erased: ErasedPersons,
    private readonly events: EventsRepository,
    private readonly rollUp: RollUpService,
    private readonly audit: AuditLog,
  ) {}

  async remove(kind: RecordKind, id: string, actor: string): Promise<void> {
    await this.alone(async (manager) => {
      if (kind.name === 'accounts') await this.removeAccount(manager, id);
      else if (kind.name === 'contacts') await this.eraseContact(manager, id);
      else await this.removeRecord(manager, kind, id);
      const action = kind.name === 'contacts' ? 'contacts.erased' : `${kind.name}.deleted`;
      await this.audit.record(manager, { actor, action, target: auditTarget(kind.name, id, this.erased) });
    });
    if (kind.name === 'contacts') await this.erasure.finish(this.dataSource.manager, id);
  }

  async removeEvent(accountRef: string, messageId: string, actor: string): Promise<void> {
    await this.alone(async (manager) => {
      const accountId = await this.accountOf(manager, accountRef);
      const removed = await this.removal.deleteEvents(manager, accountId, messageHash(messageId));
      if (removed === 0) throw notFound('events');
      await this.directory.touch(manager, new Map([[accountId, null]]));
      await this.removal.recomputeFirstFact(manager, accountId);
      await this.audit.record(manager, {
        actor,
        action: 'events.deleted',
        target: `accounts/${accountRef}/events`,
      });
    });
  }

  /** Moves all facts of one account to another. All ids of the first point to the second from then on. */
  async merge(fromRef: string, intoRef: string, actor: string): Promise<void> {
    await this.alone(async (manager) => {
      const from = await this.accountOf(manager, fromRef);
      const into = await this.accountOf(manager, intoRef, '/into');
      if (from === into)
        throw new DomainError('same_account', 409, 'Both ids already belong to the same account');
      await this.removal.moveFacts(manager, from, into);
      await this.directory.raiseVersion(manager);
      await this.directory.touch(manager, new Map([[into, null]]));
      await this.removal.recomputeFirstFact(manager, into);
      await this.audit.record(manager, {
        actor,
        action: 'accounts.merged',
        target: `accounts/${fromRef}`,
        detail: { into: intoRef },
      });
    });
  }

  private async alone(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.rollUp.drain();
    await inTransaction(this.dataSource, async (manager) => {
      await this.directory.lockExclusive(manager);
      await this.events.lockRollUp(manager);
      while ((await this.events.drain(manager, 1_000)) > 0);
      await work(manager);
    });
  }

  private async accountOf(manager: EntityManager, ref: string, pointer?: string): Promise<number> {
    const accountId = (await this.directory.resolve(manager, [ref])).get(ref);
    if (accountId === undefined)
      throw new DomainError('not_found', 404, 'No account has this id', { pointer });
    return accountId;
  }

  private async removeAccount(manager: EntityManager, id: string): Promise<void> {
    const accountId = await this.accountOf(manager, id);
    const merged = (await this.directory.merged(manager, [id])).get(id);
    if (merged !== undefined) {
      throw new DomainError(
        'merged',
        409,
        'This account was merged into another one: delete that account by its own id',
        {
          extra: { mergedInto: merged.id },
        },
      );
    }
    await this.removal.deleteAccount(manager, accountId);
    await this.directory.raiseVersion(manager);
  }

  private async removeRecord(manager: EntityManager, kind: RecordKind, id: string): Promise<void> {
    const accountId = (await this.directory.owners(manager, kind.name, [id])).get(id);
    if (accountId === undefined) {
      if ((await this.removal.deleteHeld(manager, kind.name, id)) === 0) throw notFound(kind.name);
      return;
    }
    await this.removal.deleteRecord(manager, kind, accountId, id);
    await this.directory.touch(manager, new Map([[accountId, null]]));
    await this.removal.recomputeFirstFact(manager, accountId);
  }

  private async eraseContact(manager: EntityManager, id: string): Promise<void> {
    const accountIds = await this.erasure.erase(manager, id);
    if (accountIds === undefined) throw notFound('contacts');
    await this.directory.touch(manager, new Map(accountIds.map((accountId) => [accountId, null])));
  }
}
