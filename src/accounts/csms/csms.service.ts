import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DomainError } from '../../platform/errors.js';
import { expectMatch } from '../../platform/http/entity-tag.js';
import { Installation } from '../../platform/installation.js';
import { keyProblem } from '../../platform/validation/text-checks.js';
import type { CsmPutDto } from './csm.dto.js';
import { CsmsRepository, type StoredCsm } from './csms.repository.js';

export interface CsmChange {
  readonly actor: string;
  readonly ifMatch: string | undefined;
}

/** Profiles of the customer-success managers that accounts refer to as `csm`. */
@Injectable()
export class CsmsService {
  private readonly key: Buffer;

  constructor(
    private readonly dataSource: DataSource,
    private readonly csms: CsmsRepository,
    private readonly audit: AuditLog,
    installation: Installation,
  ) {
    this.key = installation.keyFor('csm');
  }

  /** Throws 404. */
  async get(csm: string): Promise<StoredCsm> {
    const found = await this.csms.find(this.dataSource.manager, csm);
    if (!found) throw new DomainError('not_found', 404, 'No CSM has this id', { pointer: '/csm' });
    return found;
  }

  list(after: string | null, limit: number): Promise<StoredCsm[]> {
    return this.csms.list(this.dataSource.manager, after, limit);
  }

  /** Idempotent, so retries are safe. Throws 400, 412 and 428. */
  async put(
    csm: string,
    body: CsmPutDto,
    { actor, ifMatch }: CsmChange,
  ): Promise<{ stored: StoredCsm; created: boolean }> {
    const problem = keyProblem(csm);
    if (problem) throw new DomainError(problem.code, 400, `csm ${problem.detail}`, { pointer: '/csm' });
    return inTransaction(this.dataSource, async (manager) => {
      const before = await this.csms.lock(manager, csm);
      if (before && isSame(before, body)) return { stored: before, created: false };
      expectMatch(ifMatch, before?.version ?? null);
      const stored = await this.csms.put(manager, csm, body);
      const action = before ? 'csm.updated' : 'csm.created';
      await this.audit.record(manager, { actor, action, target: this.target(csm) });
      return { stored, created: !before };
    });
  }

  /** Accounts keep the value of `csm` that they were sent with. Throws 412 and 428. */
  async delete(csm: string, { actor, ifMatch }: CsmChange): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const before = await this.csms.lock(manager, csm);
      if (!before) return;
      expectMatch(ifMatch, before.version);
      await this.csms.delete(manager, csm);
      await this.audit.record(manager, { actor, action: 'csm.deleted', target: this.target(csm) });
    });
  }

  /** The id may be an email address, and audit entries outlive an erasure, so it is replaced by a keyed hash. */
  private target(csm: string): string {
    return `csms/hash:${createHmac('sha256', this.key).update(csm).digest('hex').slice(0, 16)}`;
  }
}

function isSame(
  before: StoredCsm,
  { name = null, email = null, timeZone = null, digest }: CsmPutDto,
): boolean {
  return (
    before.name === name &&
    before.email === email &&
    before.timeZone === timeZone &&
    before.digest === (digest ?? false)
  );
}
