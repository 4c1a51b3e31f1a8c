import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fold } from '../../accounts/states/fold.js';
import type { EventInput } from '../events/event-input.js';
import { recordKind, recordKinds } from '../kinds/kinds.js';
import {
  QuarantineRepository,
  type HeldRow,
  type MentioningRow,
} from '../quarantine/quarantine.repository.js';
import type { RecordKind, RecordKindName } from '../records/record-kind.js';
import { RecordsRepository } from '../records/records.repository.js';
import type { RecordInput } from '../records/records.service.js';
import { comparable, ErasedPersons } from './erased-persons.js';
import { ErasureRepository } from './erasure.repository.js';
import { EventErasureRepository } from './event-erasure.repository.js';
import { OpenErasuresRepository } from './open-erasures.repository.js';
import { PersonsRepository, type Person } from './persons.repository.js';
import { searchTexts, Traces } from './traces.js';

const CHUNK = 1_000;

const NAMED_BY: readonly RecordKind[] = recordKinds().filter((kind) => kind.name !== 'contacts');

/** Removes a person from everything stored and keeps later facts from bringing the person back. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly persons: PersonsRepository,
    private readonly erasure: ErasureRepository,
    private readonly events: EventErasureRepository,
    private readonly openErasures: OpenErasuresRepository,
    private readonly erased: ErasedPersons,
    private readonly records: RecordsRepository,
    private readonly quarantine: QuarantineRepository,
  ) {}

  /**
   * Expects the directory's exclusive lock and no pending events. Returns the affected accounts. There may be millions of events, so
   * `finish` handles them after the commit.
   */
  async erase(manager: EntityManager, id: string): Promise<readonly number[] | undefined> {
    const person = await this.persons.find(manager, id);
    if (person === undefined) return (await this.openErasures.of(manager, id))[0]?.person.accountIds;
    await this.erased.add(manager, person.ids);
    for (const kind of NAMED_BY) await this.eraseFromRecords(manager, kind, person);
    await this.eraseHeld(manager, person);
    await this.erasure.erase(manager, person);
    await this.openErasures.open(manager, person);
    return person.accountIds;
  }

  /** Processes the events while others write. If interrupted, the next erasure of the same id completes it. */
  async finish(manager: EntityManager, id: string): Promise<void> {
    for (const erasure of await this.openErasures.of(manager, id)) {
      await this.events.erase(manager, erasure.person);
      await this.openErasures.close(manager, erasure);
    }
  }

  private async eraseFromRecords(manager: EntityManager, kind: RecordKind, person: Person): Promise<void> {
    const suspects = await this.records.mentioning(manager, kind, person.accountIds, searchTexts(person));
    for (let from = 0; from < suspects.length; from += CHUNK) {
      await this.clearRecords(manager, kind, person, suspects.slice(from, from + CHUNK));
    }
  }

  private async clearRecords(
    manager: EntityManager,
    kind: RecordKind,
    person: Person,
    suspects: readonly { accountId: number; id: string }[],
  ): Promise<void> {
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

  /** Quarantined facts that name the person. Events stay in quarantine without the person. */
  private async eraseHeld(manager: EntityManager, person: Person): Promise<void> {
    const traces = new Traces(person);
    for (let after: string | null = '0'; after !== null;) {
      const held: readonly MentioningRow[] = await this.quarantine.mentioning(
        manager,
        searchTexts(person),
        after,
        CHUNK,
      );
      for (const row of held) await this.eraseHeldRow(manager, row, person, traces);
      after = held[CHUNK - 1]?.seq ?? null;
    }
  }

  private async eraseHeldRow(
    manager: EntityManager,
    row: HeldRow,
    person: Person,
    traces: Traces,
  ): Promise<void> {
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
