import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { TouchedAccounts } from '../../accounts/touched-accounts.repository.js';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DAY_MS } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { parseInstant } from '../../platform/validation/instant.js';
import type { HealthOverrideDto, OverrideDto } from './override.dto.js';
import { OverridesRepository } from './overrides.repository.js';

/** A judgment call that nobody has reviewed for longer should not count. */
const LONGEST_DAYS = 366;

/** Lets a person override an account's score. */
@Injectable()
export class OverridesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: DirectoryRepository,
    private readonly overrides: OverridesRepository,
    private readonly touched: TouchedAccounts,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Replaces an active override. Throws 400 for an expiry that is past or too far ahead, and 404. */
  async put(
    ref: string,
    { score, reason, expiresAt }: OverrideDto,
    actor: string,
  ): Promise<HealthOverrideDto> {
    const expiry = this.expiry(expiresAt);
    return this.change(ref, async (manager, { accountId, id }) => {
      const stored = await this.overrides.add(manager, accountId, {
        score,
        reason,
        madeBy: actor,
        expiresAt: expiry,
      });
      // Without the reason, which may name a person and would outlive erasure.
      await this.audit.record(manager, {
        actor,
        action: 'health_override.put',
        target: `accounts/${id}/health-override`,
        detail: { score: stored.score, expiresAt: stored.expiresAt },
      });
      await this.touched.mark(manager, [accountId]);
      return stored;
    });
  }

  /** No effect without an active override. Throws 404 for an unknown account. */
  async end(ref: string, actor: string): Promise<void> {
    await this.change(ref, async (manager, { accountId, id }) => {
      if (!(await this.overrides.end(manager, accountId))) return;
      await this.audit.record(manager, {
        actor,
        action: 'health_override.ended',
        target: `accounts/${id}/health-override`,
      });
      await this.touched.mark(manager, [accountId]);
    });
  }

  async list(ref: string): Promise<HealthOverrideDto[]> {
    const { manager } = this.dataSource;
    const { accountId } = await this.account(manager, ref);
    return this.overrides.list(manager, accountId);
  }

  private expiry(text: string): Date {
    const now = this.clock.now().getTime();
    const at = parseInstant(text) ?? now;
    if (at <= now) {
      throw new DomainError('expiry_in_the_past', 400, '`expiresAt` must be in the future', {
        pointer: '/expiresAt',
      });
    }
    if (at > now + LONGEST_DAYS * DAY_MS) {
      throw new DomainError('out_of_range', 400, '`expiresAt` must be at most a year ahead', {
        pointer: '/expiresAt',
      });
    }
    return new Date(at);
  }

  private change<T>(
    ref: string,
    work: (manager: EntityManager, account: { accountId: number; id: string }) => Promise<T>,
  ): Promise<T> {
    return inTransaction(this.dataSource, async (manager) => {
      await this.directory.lockShared(manager);
      const account = await this.account(manager, ref);
      // Otherwise two concurrent overrides would both stay active.
      await this.directory.lockAccounts(manager, [account.accountId]);
      return work(manager, account);
    });
  }

  private async account(manager: EntityManager, ref: string): Promise<{ accountId: number; id: string }> {
    const accountId = (await this.directory.resolve(manager, [ref])).get(ref);
    const id = accountId && (await this.directory.ownIds(manager, [accountId])).get(accountId);
    if (!accountId || !id)
      throw new DomainError('not_found', 404, 'No account has this id', { pointer: '/id' });
    return { accountId, id };
  }
}
