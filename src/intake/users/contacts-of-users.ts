import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import type { Json } from '../../accounts/states/fold.js';
import { MAX_KEY } from '../../platform/validation/text-checks.js';
import type { RecordInput } from '../records/records.service.js';
import { UsersRepository } from './users.repository.js';

const stringsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Finds the account and the contact for `identify` calls, which name only a user. */
@Injectable()
export class ContactsOfUsers {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly users: UsersRepository,
  ) {}

  /** Fills in account and contact for inputs that name a user. Other inputs and unknown users stay as they are. */
  async place(manager: EntityManager, inputs: readonly RecordInput[]): Promise<RecordInput[]> {
    const named = inputs.filter((input) => input.userId !== undefined);
    if (named.length === 0) return [...inputs];
    const memberships = await this.users.memberships(
      manager,
      named.map((input) => input.userId ?? ''),
    );
    const refs = await this.directory.resolve(
      manager,
      named.flatMap((input) => input.accountRef ?? []),
    );
    const accountOf = ({ accountRef, userId = '', effectiveAt, arrivedAt }: RecordInput) =>
      accountRef === undefined ? memberships.at(userId, effectiveAt ?? arrivedAt) : refs.get(accountRef);
    const known = named.flatMap((input) => {
      const accountId = accountOf(input);
      return accountId === undefined ? [] : [{ accountId, userId: input.userId ?? '' }];
    });
    const contacts = await this.users.contactsOf(manager, known);
    const ownIds = await this.directory.ownIds(
      manager,
      known.map((user) => user.accountId),
    );
    const freeIds = await this.freeIds(manager, known, ownIds);
    return inputs.map((input) => {
      const { userId } = input;
      const accountId = userId === undefined ? undefined : accountOf(input);
      if (userId === undefined || accountId === undefined) return input;
      const placed = { ...input, accountRef: input.accountRef ?? ownIds.get(accountId) };
      const contact = contacts.get(`${accountId} ${userId}`);
      if (contact === undefined) {
        const id = freeIds(accountId, userId);
        return { ...placed, id: id ?? userId, idChosen: id !== undefined };
      }
      // The call names one of the contact's user ids; the others stay.
      const userIds = [...new Set([...contact.userIds, ...stringsOf(input.fields['userIds'])])];
      return { ...placed, id: contact.id, fields: { ...input.fields, userIds } };
    });
  }

  /** Chooses the id of a new contact: the first candidate that no other account has taken, also within this batch; undefined if all are. */
  private async freeIds(
    manager: EntityManager,
    users: readonly { accountId: number; userId: string }[],
    ownIds: ReadonlyMap<number, string>,
  ): Promise<(accountId: number, userId: string) => string | undefined> {
    const candidates = (accountId: number, userId: string) =>
      contactIdsFor(ownIds.get(accountId) ?? '', userId);
    const owners = await this.directory.owners(
      manager,
      'contacts',
      users.flatMap(({ accountId, userId }) => candidates(accountId, userId)),
    );
    return (accountId, userId) => {
      const ids = candidates(accountId, userId);
      const id = ids.find((one) => (owners.get(one) ?? accountId) === accountId);
      if (id !== undefined) owners.set(id, accountId);
      return id;
    };
  }
}

/**
 * Candidate ids for a user's contact in an account, in order of preference: the user id, which only one account can have; then
 * `<account>:<user>`; then a hash of both, for when that is too long or taken.
 */
export function contactIdsFor(account: string, userId: string): string[] {
  const both = `${account}:${userId}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([account, userId]))
    .digest('hex')
    .slice(0, 32);
  return [userId, both, `user:${hash}`].filter((id) => id.length <= MAX_KEY);
}
