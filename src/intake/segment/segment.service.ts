import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import type { ProblemItem } from '../../platform/errors.js';
import { EventsService } from '../events/events.service.js';
import { recordKind } from '../kinds/kinds.js';
import { ReleaseService } from '../quarantine/release.service.js';
import { RecordIntakeService } from '../records/record-intake.service.js';
import type { RecordOutcome } from '../records/records.service.js';
import { UsersRepository } from '../users/users.repository.js';
import { CallReader, isCallType, type CallType, type ReadCall } from './call-reader.js';
import type { IntakeAnswer, IntakeError } from './intake-answer.dto.js';

type Indexed<T extends ReadCall['type']> = Extract<ReadCall, { type: T }> & { readonly index: number };

interface Sorted {
  readonly event: Indexed<'event'>[];
  readonly group: Indexed<'group'>[];
  readonly identify: Indexed<'identify'>[];
  readonly alias: Indexed<'alias'>[];
  readonly problem: Indexed<'problem'>[];
}

/**
 * Takes in Segment calls. Groups go first, then contacts, then events: which account an event belongs to is told by its
 * time, not by its place in the batch. All is committed before it answers.
 */
@Injectable()
export class SegmentService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly reader: CallReader,
    private readonly events: EventsService,
    private readonly records: RecordIntakeService,
    private readonly users: UsersRepository,
    private readonly release: ReleaseService,
  ) {}

  /** `only`: the call's type is told by the route; else each call names its own. `shared` is the batch's context. */
  async take(calls: readonly unknown[], only?: CallType, shared?: object): Promise<IntakeAnswer> {
    const sorted = this.sort(calls, only, shared);
    const errors = sorted.problem.map(({ index, problem }) => errorOf(calls, index, problem));
    const answer: IntakeAnswer = {
      received: calls.length,
      accepted: 0,
      duplicates: 0,
      quarantined: 0,
      rejected: 0,
      errors,
    };
    const count = (index: number, outcome: RecordOutcome | undefined): void => {
      if (outcome?.status === 'rejected') errors.push(errorOf(calls, index, outcome.problem));
      else if (outcome?.status === 'quarantined') answer.quarantined++;
      else if (outcome?.status === 'unchanged') answer.duplicates++;
      else answer.accepted++;
    };
    await this.takeGroups(sorted.group, count);
    await this.takeIdentities(sorted.identify, count);
    await this.takeAliases(sorted, answer);
    if (sorted.event.length > 0) {
      const taken = await this.events.take(sorted.event.map((call) => call.input));
      answer.accepted += taken.accepted;
      answer.duplicates += taken.duplicates;
      answer.quarantined += taken.quarantined;
      for (const { index, problem } of taken.rejected) {
        const call = sorted.event[index];
        if (call) errors.push(errorOf(calls, call.index, problem));
      }
    }
    errors.sort((a, b) => a.index - b.index);
    answer.rejected = errors.length;
    return answer;
  }

  private sort(calls: readonly unknown[], only: CallType | undefined, shared: object | undefined): Sorted {
    const sorted: Sorted = { event: [], group: [], identify: [], alias: [], problem: [] };
    const arrivedAt = this.clock.now().getTime();
    calls.forEach((sent, index) => {
      const type = only ?? (sent as { type?: unknown } | null)?.type;
      const call = isCallType(type)
        ? this.reader.read(type, withContext(sent, shared), arrivedAt)
        : { type: 'problem' as const, problem: UNKNOWN_TYPE };
      (sorted[call.type] as (ReadCall & { index: number })[]).push(Object.assign(call, { index }));
    });
    return sorted;
  }

  private async takeGroups(
    calls: Indexed<'group'>[],
    count: (index: number, outcome?: RecordOutcome) => void,
  ): Promise<void> {
    if (calls.length === 0) return;
    const inputs = calls.map((call) => call.input);
    const outcomes = await this.records.take(recordKind('accounts'), inputs, (manager, taken) => {
      const joined = calls.flatMap(({ userId, at }, i) => {
        const outcome = taken[i];
        return userId !== undefined &&
          outcome !== undefined &&
          'accountId' in outcome &&
          outcome.accountId !== undefined
          ? [{ userId, from: at, accountId: outcome.accountId }]
          : [];
      });
      return this.users.join(manager, joined);
    });
    calls.forEach((call, i) => count(call.index, outcomes[i]));
  }

  private async takeIdentities(
    calls: Indexed<'identify'>[],
    count: (index: number, outcome?: RecordOutcome) => void,
  ): Promise<void> {
    if (calls.length === 0) return;
    const outcomes = await this.records.take(
      recordKind('contacts'),
      calls.map((call) => call.input),
      (manager) =>
        this.users.alias(manager, new Map(calls.flatMap((call) => (call.alias ? [call.alias] : [])))),
    );
    calls.forEach((call, i) => count(call.index, outcomes[i]));
  }

  private async takeAliases({ alias }: Sorted, answer: IntakeAnswer): Promise<void> {
    if (alias.length === 0) return;
    const made = await inTransaction(this.dataSource, (manager) =>
      this.users.alias(manager, new Map(alias.map((call) => call.alias))),
    );
    answer.accepted += made.length;
    answer.duplicates += alias.length - made.length;
    await this.release.release({ accounts: [], users: made });
  }
}

const UNKNOWN_TYPE: ProblemItem = {
  code: 'not_allowed',
  detail: 'type must be track, identify, group, page, screen or alias',
  pointer: '/type',
};

function withContext(sent: unknown, shared: object | undefined): unknown {
  if (shared === undefined || typeof sent !== 'object' || sent === null) return sent;
  const own = (sent as { context?: unknown }).context ?? {};
  return typeof own === 'object' ? { ...sent, context: { ...shared, ...own } } : sent;
}

function errorOf(
  calls: readonly unknown[],
  index: number,
  { code, detail, pointer }: ProblemItem,
): IntakeError {
  const messageId = (calls[index] as { messageId?: unknown } | null)?.messageId;
  return {
    index,
    messageId: typeof messageId === 'string' ? messageId.slice(0, 255) : null,
    code,
    detail,
    pointer: pointer ?? null,
  };
}
