import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { STATUSES } from '../../scoring/features/account-features.js';
import { type FamilyMember, type Subtree, subtreesOf } from '../../scoring/model/parents.js';
import { BANDS } from '../../scoring/model/scorecard.js';
import type { AccountFamily, FamilyMemberDto } from './family.dto.js';
import { FamilyRepository, type FamilyRow } from './family.repository.js';

const MAX_SHOWN = 200;
const CHURNED = STATUSES.indexOf('churned');

@Injectable()
export class FamilyService {
  constructor(
    private readonly families: FamilyRepository,
    private readonly clock: Clock,
  ) {}

  /** Throws 404. */
  async of(ref: string): Promise<AccountFamily> {
    const now = this.clock.now();
    const head = await this.families.head(ref, now);
    if (!head) throw new DomainError('not_found', 404, 'No account has this id', { pointer: '/id' });
    const rows = await this.families.below(head.accountId, now);
    const subtree = subtreesOf(rows.map(memberFrom)).get(head.accountId);
    const ids = new Map(rows.map(({ account_id, id }) => [account_id, id]));
    const itself = rows.filter(({ account_id }) => account_id === head.accountId);
    const others = rows.filter(({ account_id }) => account_id !== head.accountId);
    return {
      accountId: head.id,
      parentId: head.parentId,
      subtree: subtree ? described(subtree, rows) : null,
      members: [...itself, ...others].slice(0, MAX_SHOWN).map((row) => shown(row, ids)),
    };
  }
}

/** A churned account still connects its descendants but does not count in the figures. */
function memberFrom(row: FamilyRow): FamilyMember {
  const { account_id: id, parent_account_id: parentId, mrr } = row;
  if (row.status === CHURNED) return { id, parentId, mrr, health: null, band: 'unknown' };
  return { id, parentId, mrr, health: row.health, band: bandOf(row) };
}

function described({ accounts, mrr, health, redShare }: Subtree, rows: readonly FamilyRow[]) {
  const currency = rows.find((row) => row.currency !== null)?.currency;
  return {
    accounts,
    mrr: currency ? { amount: mrr, currency } : null,
    health: points(health),
    redShare: redShare === null ? null : redShare / 10_000,
  };
}

function shown(row: FamilyRow, ids: ReadonlyMap<number, string>): FamilyMemberDto {
  const { id, name, parent_account_id: parent, mrr, currency, status } = row;
  return {
    id,
    name,
    parentId: parent === null ? null : (ids.get(parent) ?? null),
    status: status === null ? null : (STATUSES[status] ?? null),
    mrr: mrr === null || currency === null ? null : { amount: mrr, currency },
    health: points(row.health),
    band: bandOf(row),
  };
}

const bandOf = ({ band }: FamilyRow) => (band === null ? null : BANDS[band]) ?? 'unknown';

const points = (hundredths: number | null): number | null => (hundredths === null ? null : hundredths / 100);
