import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { DomainError, type ProblemItem } from '../../platform/errors.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import { recordKind, recordKinds } from '../kinds/kinds.js';
import { RecordReader } from './record-document.js';
import { RecordIntakeService } from './record-intake.service.js';
import type { RecordKindName } from './record-kind.js';
import type { RecordInput, RecordOutcome } from './records.service.js';

export interface PutAnswer {
  readonly id: string;
  readonly status: 'created' | 'updated' | 'unchanged' | 'quarantined';
}

const CONFLICTS = new Set(['belongs_to_another_account', 'external_id_taken', 'erased', 'merged']);

/** Path of a record in the audit log. A contact's id may be an email address, so it is replaced by a keyed hash. */
export function auditTarget(kind: string, id: string, erased: ErasedPersons): string {
  return kind === 'contacts' ? `contacts/hash:${erased.pseudonym(id)}` : `${kind}/${id}`;
}

@Injectable()
export class RecordWritesService {
  private readonly readers = new Map(recordKinds().map((kind) => [kind.name, new RecordReader(kind)]));

  constructor(
    private readonly intake: RecordIntakeService,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly erased: ErasedPersons,
  ) {}

  /** Replaces one record. Throws 400 for an invalid document and 409 if the id belongs to another account. */
  async put(kind: RecordKindName, id: string, document: unknown, actor: string): Promise<PutAnswer> {
    const input = this.read(kind, id, document);
    const [outcome] = await this.intake.take(recordKind(kind), [input], async (manager, [taken]) => {
      await this.note(manager, actor, kind, id, taken);
      return [];
    });
    if (outcome === undefined) throw new Error('an outcome is missing');
    if (outcome.status === 'rejected') throw refusal([outcome.problem]);
    return { id, status: outcome.status };
  }

  private read(kind: RecordKindName, id: string, document: unknown): RecordInput {
    const own = (document as { id?: unknown } | null)?.id;
    if (own !== undefined && own !== id) {
      throw new DomainError('id_differs', 400, '`id` must equal the id in the path', { pointer: '/id' });
    }
    const whole =
      typeof document === 'object' && document !== null && !Array.isArray(document)
        ? { ...document, id }
        : document;
    const read = this.readers
      .get(kind)
      ?.read(whole, { arrivedAt: this.clock.now().getTime(), replaces: true });
    if (read === undefined || !('input' in read)) throw refusal(read?.problems ?? []);
    return read.input;
  }

  private async note(
    manager: EntityManager,
    actor: string,
    kind: RecordKindName,
    id: string,
    outcome: RecordOutcome | undefined,
  ): Promise<void> {
    if (outcome === undefined || outcome.status === 'unchanged' || outcome.status === 'rejected') return;
    await this.audit.record(manager, {
      actor,
      action: `${kind}.${outcome.status}`,
      target: auditTarget(kind, id, this.erased),
    });
  }
}

function refusal(problems: readonly ProblemItem[]): DomainError {
  const [first] = problems;
  if (first === undefined) return new DomainError('malformed', 400, 'the document could not be read');
  const status = CONFLICTS.has(first.code) ? 409 : 400;
  return new DomainError(first.code, status, first.detail, {
    pointer: first.pointer,
    errors: problems.map(({ code, detail, pointer }) => ({ code, detail, pointer })),
  });
}
