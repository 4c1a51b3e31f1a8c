import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import { fold, state, type Fields, type Statement } from '../../accounts/states/fold.js';
import type { ProblemItem } from '../../platform/errors.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import { ContactsOfUsers } from '../users/contacts-of-users.js';
import { UsersRepository } from '../users/users.repository.js';
import { missingAtFirst, startOf } from './record-fields.js';
import type { RecordKind } from './record-kind.js';
import { RecordsRepository } from './records.repository.js';
import { ExternalIds } from './external-ids.js';
import { CallTimes } from './call-times.js';

/** The tracking call that states the record. The client's clock may be wrong, so its times are corrected. */
export interface SenderTime {
  /** By the client's clock, epoch ms. */
  readonly at: number;
  readonly messageHash: string;
}

/** One validated record, with instants in ISO 8601 UTC, without `id`, `accountId` and `effectiveAt`. */
export interface RecordInput {
  readonly id: string;
  /** Any id of the account; may be absent if the record is already known. For accounts it is `id`. */
  readonly accountRef?: string;
  /** The user of an `identify` call: the contact may have another id, and the account may be derived from the user. */
  readonly userId?: string;
  /** The id was chosen by the service, as one that no other account has. */
  readonly idChosen?: boolean;
  readonly effectiveAt?: number;
  readonly arrivedAt: number;
  /** Set by calls of tracking clients. */
  readonly told?: SenderTime;
  /** PUT replaces, everything else merges. */
  readonly replaces: boolean;
  readonly fields: Fields;
}

export type RecordOutcome =
  | {
      readonly status: 'created' | 'updated' | 'unchanged';
      readonly accountId: number;
      /** When it takes effect, epoch ms; absent if no time was sent. */
      readonly effectiveAt?: number;
    }
  | {
      readonly status: 'quarantined';
      readonly waitsFor: 'account' | 'user';
      readonly ref: string;
      /** The input to keep, without erased persons. */
      readonly input: RecordInput;
    }
  | {
      readonly status: 'rejected';
      readonly problem: ProblemItem;
      /** The account of the id, if known: a user can still join it. */
      readonly accountId?: number;
    };

export interface Taken {
  readonly outcomes: RecordOutcome[];
  /** Ids that quarantined facts may be waiting for. */
  readonly appeared: { readonly accounts: string[]; readonly users: string[] };
}

export interface PlacedRecord {
  readonly index: number;
  readonly input: RecordInput;
  readonly accountId: number;
  readonly id: string;
}

const rejected = (code: string, detail: string, pointer?: string): RecordOutcome => ({
  status: 'rejected',
  problem: { code, detail, pointer },
});

function waiting(kind: RecordKind, input: RecordInput): RecordOutcome {
  if (input.accountRef !== undefined)
    return { status: 'quarantined', waitsFor: 'account', ref: input.accountRef, input };
  if (input.userId !== undefined)
    return { status: 'quarantined', waitsFor: 'user', ref: input.userId, input };
  return rejected(
    'missing',
    `accountId is required: no record of kind ${kind.name} with this id is known yet`,
    '/accountId',
  );
}

/** Thrown if another transaction committed first; inTransaction then retries and sees its changes. */
class ConcurrentChange extends Error {
  readonly code = '40001';
}

@Injectable()
export class RecordsService {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly records: RecordsRepository,
    private readonly externalIds: ExternalIds,
    private readonly users: UsersRepository,
    private readonly contactsOfUsers: ContactsOfUsers,
    private readonly erased: ErasedPersons,
    private readonly times: CallTimes,
  ) {}

  /**
   * Stores records of one kind in the given order and returns their outcomes in the same order. Everything runs in the
   * caller's transaction; only rejected and quarantined items are not stored.
   */
  async take(manager: EntityManager, kind: RecordKind, sent: readonly RecordInput[]): Promise<Taken> {
    await this.directory.lockShared(manager);
    const outcomes = new Array<RecordOutcome>(sent.length);
    const named = await this.contactsOfUsers.place(manager, sent);
    const inputs = await this.withoutErased(manager, kind, named, outcomes);
    const { placed, newAccounts } =
      kind.name === 'accounts'
        ? await this.placeAccounts(manager, inputs, outcomes)
        : { placed: await this.placeRecords(manager, kind, inputs, outcomes), newAccounts: [] };
    if (placed.length === 0) return { outcomes, appeared: { accounts: newAccounts, users: [] } };
    await this.directory.lockAccounts(
      manager,
      placed.map((record) => record.accountId),
    );
    const stated = await this.stateAll(manager, kind, placed, outcomes);
    const appeared = await this.link(manager, kind, stated);
    return {
      outcomes,
      appeared: { accounts: [...newAccounts, ...appeared.accounts], users: appeared.users },
    };
  }

  private async withoutErased(
    manager: EntityManager,
    kind: RecordKind,
    inputs: readonly RecordInput[],
    outcomes: RecordOutcome[],
  ): Promise<Map<number, RecordInput>> {
    const names = (input: RecordInput): string[] =>
      kind.name === 'contacts'
        ? [input.id, input.userId, input.fields['email'], input.fields['userIds']]
            .flat()
            .filter((name) => typeof name === 'string')
        : [input.fields['contactId']].filter((name) => typeof name === 'string');
    const gone = await this.erased.among(manager, inputs.flatMap(names));
    const remaining = new Map<number, RecordInput>();
    inputs.forEach((input, index) => {
      if (!names(input).some((name) => gone.has(name))) remaining.set(index, input);
      else if (kind.name === 'contacts') {
        outcomes[index] = rejected('erased', 'this person was erased and is not taken in again', '/id');
      } else {
        const cleared = Object.fromEntries(kind.freeText.map((field) => [field, null]));
        remaining.set(index, { ...input, fields: { ...input.fields, ...cleared, contactId: null } });
      }
    });
    return remaining;
  }

  private async placeAccounts(
    manager: EntityManager,
    inputs: ReadonlyMap<number, RecordInput>,
    outcomes: RecordOutcome[],
  ): Promise<{ placed: PlacedRecord[]; newAccounts: string[] }> {
    const own = await this.withoutMerged(manager, inputs, outcomes);
    const free = await this.externalIds.refuseTaken(manager, own, (index, ref) => {
      outcomes[index] = rejected(
        'external_id_taken',
        `the id ${JSON.stringify(ref)} belongs to another account; merge the two if they are one`,
        '/externalIds',
      );
    });
    const created = await this.directory.create(
      manager,
      [...free.values()].filter((account) => typeof account === 'string'),
    );
    const accountIds = new Map<number, number>();
    for (const [index, account] of free) {
      const accountId = typeof account === 'string' ? created.get(account) : account;
      if (accountId === undefined) throw new ConcurrentChange();
      accountIds.set(index, accountId);
    }
    const ownIds = await this.directory.ownIds(manager, accountIds.values());
    const placed: PlacedRecord[] = [];
    for (const [index, input] of inputs) {
      const accountId = accountIds.get(index);
      const id = accountId === undefined ? undefined : ownIds.get(accountId);
      if (accountId !== undefined && id !== undefined) placed.push({ index, input, accountId, id });
    }
    return { placed, newAccounts: [...created.keys()] };
  }

  /** The old id of a merged account still refers to the account but can no longer change it: two senders would undo each other's changes. */
  private async withoutMerged(
    manager: EntityManager,
    inputs: ReadonlyMap<number, RecordInput>,
    outcomes: RecordOutcome[],
  ): Promise<Map<number, RecordInput>> {
    const ids = [...inputs.values()].map((input) => input.id);
    const merged = await this.directory.merged(manager, ids);
    const remaining = new Map<number, RecordInput>();
    for (const [index, input] of inputs) {
      const into = merged.get(input.id);
      if (into === undefined) remaining.set(index, input);
      else {
        const detail = `this account was merged into ${JSON.stringify(into.id)}; send it with that id`;
        outcomes[index] = {
          status: 'rejected',
          problem: { code: 'merged', detail, pointer: '/id' },
          accountId: into.accountId,
        };
      }
    }
    return remaining;
  }

  private async placeRecords(
    manager: EntityManager,
    kind: RecordKind,
    inputs: ReadonlyMap<number, RecordInput>,
    outcomes: RecordOutcome[],
  ): Promise<PlacedRecord[]> {
    const all = [...inputs.values()];
    const accounts = await this.directory.resolve(
      manager,
      all.flatMap((input) => input.accountRef ?? []),
    );
    const owners = await this.directory.owners(
      manager,
      kind.name,
      all.map((input) => input.id),
    );
    const placed: PlacedRecord[] = [];
    for (const [index, input] of inputs) {
      const owner = owners.get(input.id);
      const accountId = input.accountRef === undefined ? owner : accounts.get(input.accountRef);
      if (accountId === undefined) {
        outcomes[index] = waiting(kind, input);
      } else if (owner !== undefined && owner !== accountId) {
        // Another account took the chosen id meanwhile; the retry chooses the next one.
        if (input.idChosen) throw new ConcurrentChange();
        outcomes[index] = rejected(
          'belongs_to_another_account',
          'a record with this id belongs to another account',
          '/accountId',
        );
      } else {
        owners.set(input.id, accountId);
        placed.push({ index, input, accountId, id: input.id });
      }
    }
    return placed;
  }

  private async stateAll(
    manager: EntityManager,
    kind: RecordKind,
    placed: readonly PlacedRecord[],
    outcomes: RecordOutcome[],
  ): Promise<Map<string, { accountId: number; statements: Statement[] }>> {
    const known = await this.records.statements(manager, kind, placed);
    const timed = await this.times.settle(manager, placed, known);
    const changed = new Map<
      string,
      { accountId: number; id: string; statement: Statement; arrivedAt: number }
    >();
    const stated = new Map<string, { accountId: number; statements: Statement[] }>();
    const firstFactAt = new Map<number, number | null>();
    for (const { index, input, accountId, id } of timed) {
      const existing = stated.get(id)?.statements ?? known.get(id) ?? [];
      const missing = existing.length === 0 ? missingAtFirst(kind, input.fields) : undefined;
      if (missing !== undefined) {
        outcomes[index] = rejected('missing', `${missing} is required for a new record`, `/${missing}`);
        continue;
      }
      const start = startOf(kind, input.fields);
      const next = state(existing, { ...input, start }, kind);
      outcomes[index] = { status: next.outcome, accountId, effectiveAt: input.effectiveAt };
      if (next.changed === undefined) continue;
      stated.set(id, { accountId, statements: next.statements });
      changed.set(`${next.changed.effectiveAt} ${id}`, {
        accountId,
        id,
        statement: next.changed,
        arrivedAt: input.arrivedAt,
      });
      const at = start ?? next.changed.effectiveAt;
      firstFactAt.set(accountId, Math.min(firstFactAt.get(accountId) ?? Infinity, at));
    }
    if (changed.size === 0) return stated;
    await this.claim(manager, kind, stated);
    await this.records.saveStatements(manager, kind, [...changed.values()]);
    await this.records.saveIntervals(
      manager,
      kind,
      [...stated].map(([id, { accountId, statements }]) => ({
        accountId,
        id,
        intervals: fold(statements, kind),
      })),
    );
    await this.directory.touch(manager, firstFactAt);
    return stated;
  }

  private async claim(
    manager: EntityManager,
    kind: RecordKind,
    stated: ReadonlyMap<string, { accountId: number }>,
  ): Promise<void> {
    if (kind.name === 'accounts') return;
    const claims = new Map([...stated].map(([id, { accountId }]) => [id, accountId]));
    const owners = await this.directory.claimRecords(manager, kind.name, claims);
    for (const [id, accountId] of claims) if (owners.get(id) !== accountId) throw new ConcurrentChange();
  }

  /** Updates the ids listed by accounts and contacts: external ids and users. */
  private async link(
    manager: EntityManager,
    kind: RecordKind,
    stated: ReadonlyMap<string, { accountId: number; statements: Statement[] }>,
  ): Promise<{ accounts: string[]; users: string[] }> {
    if (stated.size === 0) return { accounts: [], users: [] };
    const latest = [...stated.values()].map(({ accountId, statements }) => {
      const intervals = fold(statements, kind);
      const first = statements[0]?.effectiveAt ?? 0;
      return { accountId, fields: intervals.at(-1)?.fields ?? {}, from: first };
    });
    if (kind.name === 'accounts') {
      const { accounts, lost } = await this.externalIds.apply(manager, latest);
      if (lost) throw new ConcurrentChange();
      return { accounts, users: [] };
    }
    if (kind.name === 'contacts')
      return { accounts: [], users: await this.users.linkContacts(manager, latest) };
    return { accounts: [], users: [] };
  }
}
