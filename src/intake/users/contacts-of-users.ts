import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import type { Json } from '../../accounts/states/fold.js';
import type { RecordInput } from '../records/records.service.js';
import { UsersRepository } from './users.repository.js';

const stringsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** An `identify` call names a user; this finds the account the user was in at that time and the contact the user is. */
@Injectable()
export class ContactsOfUsers {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly users: UsersRepository,
  ) {}

  /** Fills in account and contact where the input names a user; other inputs, and users not known yet, stay as they are. */
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
    return inputs.map((input) => {
      const accountId = input.userId === undefined ? undefined : accountOf(input);
      if (accountId === undefined) return input;
      const placed = { ...input, accountRef: input.accountRef ?? ownIds.get(accountId) };
      const contact = contacts.get(`${accountId} ${input.userId}`);
      if (contact === undefined) return placed;
      // The call knows one of the contact's users, not all of them.
      const userIds = [...new Set([...contact.userIds, ...stringsOf(input.fields['userIds'])])];
      return { ...placed, id: contact.id, fields: { ...input.fields, userIds } };
    });
  }
}
