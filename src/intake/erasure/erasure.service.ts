import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fold } from '../../accounts/states/fold.js';
import type { EventInput } from '../events/event-input.js';
import { recordKind, recordKinds } from '../kinds/kinds.js';
import { QuarantineRepository, type HeldRow } from '../quarantine/quarantine.repository.js';
import type { RecordKind, RecordKindName } from '../records/record-kind.js';
import { RecordsRepository } from '../records/records.repository.js';
import type { RecordInput } from '../records/records.service.js';
import { comparable, ErasedPersons } from './erased-persons.js';
import { ErasureRepository, namesOf } from './erasure.repository.js';
import { PersonsRepository, type Person } from './persons.repository.js';
import { Traces } from './traces.js';

const NAMED_BY: readonly RecordKind[] = recordKinds().filter((kind) => kind.name !== 'contacts');

/** Takes a person out of everything stored and keeps later facts from bringing the person back. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly persons: PersonsRepository,
    private readonly erasure: ErasureRepository,
    private readonly erased: ErasedPersons,
    private readonly records: RecordsRepository,
    private readonly quarantine: QuarantineRepository,
  ) {}

  /** Expects the directory's exclusive lock and all pending events in the roll-ups. Answers the accounts concerned. */
  async erase(manager: EntityManager, id: string): Promise<readonly number[] | undefined> {
    const person = await this.persons.find(manager, id);
    if (person === undefined) return undefined;
    await this.erased.add(manager, person.ids);
    for (const kind of NAMED_BY) await this.eraseFromRecords(manager, kind, person);
    await this.eraseHeld(manager, person);
    await this.erasure.erase(manager, person);
    return person.accountIds;
  }

  private async eraseFromRecords(manager: EntityManager, kind: RecordKind, person: Person): Promise<void> {
    const suspects = await this.records.mentioning(manager, kind, person.accountIds, namesOf(person));
    if (suspects.length === 0) return;
    const known = await this.records.statements(manager, kind, suspects);
    const traces = new Traces(person);
    const cleared = suspects.map(({ accountId, id }) => {
      const statements = known.get(id) ?? [];
      const about = statements.some(({ patch }) => isAbout(person, patch['contactId']));
      const freeText = about ? kind.freeText : [];
      return {
        accountId,
        id,
        statements: statements.map((one) => ({ ...one, patch: traces.without(one.patch, freeText) })),
      };
    });
    await this.records.savePatches(manager, kind, cleared);
    await this.records.saveIntervals(
      manager,
      kind,
      cleared.map((record) => ({ ...record, intervals: fold(record.statements, kind) })),
    );
  }

  /** What waits for an account and names the person. Events wait on without the person. */
  private async eraseHeld(manager: EntityManager, person: Person): Promise<void> {
    const traces = new Traces(person);
    const held = await this.quarantine.mentioning(manager, namesOf(person));
    for (const row of held) {
      if (row.kind === 'events') await this.quarantine.rewrite(manager, row, this.event(row, person, traces));
      else if (row.kind === 'contacts') {
        if (isPerson(person, row.payload as RecordInput)) await this.quarantine.remove(manager, [row]);
      } else {
        const input = row.payload as RecordInput;
        const about = isAbout(person, input.fields['contactId']);
        const freeText = about ? recordKind(row.kind as RecordKindName).freeText : [];
        const payload = { ...input, fields: traces.without(input.fields, freeText) };
        await this.quarantine.rewrite(manager, row, { ref: row.ref, payload });
      }
    }
  }

  private event(row: HeldRow, { userIds }: Person, traces: Traces): { ref: string; payload: EventInput } {
    const gone = new Set(userIds);
    const payload = this.erased.anonymous(row.payload as EventInput, gone);
    const { properties } = payload;
    const named = properties !== undefined && traces.inJson(JSON.parse(properties));
    return {
      ref: row.waitsFor === 'user' ? this.erased.kept(gone, row.ref) : row.ref,
      payload: named ? { ...payload, properties: undefined } : payload,
    };
  }
}

function isAbout({ ids }: Person, contactId: unknown): boolean {
  return typeof contactId === 'string' && ids.map(comparable).includes(comparable(contactId));
}

function isPerson(person: Person, { id, userId, fields }: RecordInput): boolean {
  return [id, userId, fields['email'], fields['userIds']].flat().some((name) => isAbout(person, name));
}
