import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { UnparsedItem } from '../../platform/http/parse-json-body.js';
import { forEachYielding } from '../../platform/for-each-yielding.js';
import type { ProblemItem } from '../../platform/errors.js';
import { EventsService } from '../events/events.service.js';
import { recordKind } from '../kinds/kinds.js';
import { RecordIntakeService } from '../records/record-intake.service.js';
import type { RecordOutcome } from '../records/records.service.js';
import { AliasIntakeService, ALIAS_PROBLEMS } from '../users/alias-intake.service.js';
import { UsersRepository } from '../users/users.repository.js';
import { clientClock } from './client-clock.js';
import { CallReader, isCallType, RefusedCall, type CallType, type ReadCall } from './call-reader.js';
import type { IntakeAnswer, IntakeError } from './intake-answer.dto.js';
import { asSent } from './sent-fields.js';

/** Position of a call in the request. */
interface Place {
  readonly index: number;
  readonly messageId: string | null;
}

type Placed<T extends ReadCall['type']> = Extract<ReadCall, { type: T }> & Place;

interface Sorted {
  readonly event: Placed<'event'>[];
  readonly group: Placed<'group'>[];
  readonly identify: Placed<'identify'>[];
  readonly alias: Placed<'alias'>[];
  readonly problem: Placed<'problem'>[];
}

type CallOutcome = Pick<RecordOutcome, 'status'> & { readonly problem?: ProblemItem };
/** Without an outcome the call was accepted. */
type Count = (call: Place, outcome?: CallOutcome) => void;

export interface Sender {
  /** As `actorOf` names the caller. */
  readonly actor: string;
  /** The type of all calls, if the route determines it; otherwise each call has its own. */
  readonly only?: CallType;
  /** A batch's context, and when it was sent by the client's clock. */
  readonly shared?: { readonly context?: object; readonly sentAt?: unknown };
  /** Calls implied by those of the request. They are not counted. */
  readonly beside?: readonly unknown[];
}

/** Clients make the same calls at every login or page. */
const ACCOUNTS = { ...recordKind('accounts'), thinsRepeats: true };
const CONTACTS = { ...recordKind('contacts'), thinsRepeats: true };

/** Index of a call that is not one of the request's own. */
const NOWHERE = -1;
const isCounted = ({ index }: Place): boolean => index !== NOWHERE;

const DUPLICATE = { status: 'unchanged' } as const;

/**
 * Processes Segment calls: groups first, then aliases, contacts and events, because an event's account depends on its
 * time, not on its position in the batch. Everything is committed before it returns.
 */
@Injectable()
export class TrackingService {
  constructor(
    private readonly clock: Clock,
    private readonly reader: CallReader,
    private readonly events: EventsService,
    private readonly records: RecordIntakeService,
    private readonly users: UsersRepository,
    private readonly aliases: AliasIntakeService,
    private readonly audit: AuditLog,
  ) {}

  /** Removes the calls from the array, since they are most of the memory a request uses while the database works. */
  async take(calls: unknown[], sender: Sender): Promise<IntakeAnswer> {
    const sorted = await this.sort(calls, sender);
    const received = calls.length;
    calls.length = 0;
    return this.store(sorted, received, sender.actor);
  }

  private async store(sorted: Sorted, received: number, actor: string): Promise<IntakeAnswer> {
    const errors = sorted.problem.filter(isCounted).map((call) => errorOf(call, call.problem));
    const answer: IntakeAnswer = {
      received,
      accepted: 0,
      duplicates: 0,
      quarantined: 0,
      rejected: 0,
      errors,
    };
    const count: Count = (call, outcome) => {
      if (!isCounted(call)) return;
      if (outcome?.problem) errors.push(errorOf(call, outcome.problem));
      else if (outcome?.status === 'quarantined') answer.quarantined++;
      else if (outcome?.status === 'unchanged') answer.duplicates++;
      else answer.accepted++;
    };
    await this.takeGroups(sorted.group, actor, count);
    await this.takeAliases(sorted, actor, count);
    await this.takeIdentities(sorted.identify, actor, count);
    if (sorted.event.length > 0) {
      const taken = await this.events.take(sorted.event.map((call) => call.input));
      answer.accepted += taken.accepted;
      answer.duplicates += taken.duplicates;
      answer.quarantined += taken.quarantined;
      for (const { index, problem } of taken.rejected) {
        const call = sorted.event[index];
        if (call) errors.push(errorOf(call, problem));
      }
    }
    errors.sort((a, b) => a.index - b.index);
    answer.rejected = errors.length;
    return answer;
  }

  private async sort(calls: readonly unknown[], { only, shared, beside = [] }: Sender): Promise<Sorted> {
    const sorted: Sorted = { event: [], group: [], identify: [], alias: [], problem: [] };
    const arrivedAt = this.clock.now().getTime();
    const add = (sent: unknown, index: number): void => {
      const call = this.readCall(sent, only, arrivedAt, shared);
      (sorted[call.type] as (ReadCall & Place)[]).push(
        Object.assign(call, { index, messageId: messageIdOf(sent) }),
      );
    };
    await forEachYielding(calls, add);
    await forEachYielding(beside, (sent) => add(sent, NOWHERE));
    return sorted;
  }

  private readCall(
    sent: unknown,
    only: CallType | undefined,
    arrivedAt: number,
    shared: Sender['shared'],
  ): ReadCall {
    if (sent instanceof RefusedCall || sent instanceof UnparsedItem)
      return { type: 'problem', problem: sent.problem };
    const type = only ?? (sent as { type?: unknown } | null)?.type;
    if (!isCallType(type)) return { type: 'problem', problem: UNKNOWN_TYPE };
    const clock = clientClock(shared?.sentAt ?? (sent as { sentAt?: unknown } | null)?.sentAt, arrivedAt);
    return this.reader.read(type, withContext(sent, shared?.context), clock);
  }

  private async takeGroups(calls: Placed<'group'>[], actor: string, count: Count): Promise<void> {
    if (calls.length === 0) return;
    const inputs = calls.map((call) => call.input);
    let joining = new Set<number>();
    const outcomes = await this.records.take(ACCOUNTS, inputs, async (manager, taken) => {
      const memberships = calls.flatMap(({ userId, input }, i) => {
        const outcome = taken[i];
        if (userId === undefined || outcome === undefined || !('accountId' in outcome)) return [];
        const { accountId } = outcome;
        const stated = 'effectiveAt' in outcome ? outcome.effectiveAt : undefined;
        const from = stated ?? Math.min(input.effectiveAt ?? Infinity, input.arrivedAt);
        return accountId === undefined ? [] : [{ userId, from, accountId, call: i }];
      });
      const { appeared, stored } = await this.users.join(manager, memberships);
      joining = new Set(memberships.flatMap(({ call }, i) => (stored[i] === true ? [call] : [])));
      const counts = { ...countsOf(taken), joined: joining.size };
      await this.note(manager, actor, 'accounts.grouped', 'accounts', counts);
      return appeared;
    });
    calls.forEach((call, i) => {
      const outcome = outcomes[i];
      const onlyJoined = joining.has(i) && outcome?.status === 'unchanged';
      count(call, onlyJoined ? undefined : inTermsOf('group', outcome));
    });
  }

  private async takeIdentities(calls: Placed<'identify'>[], actor: string, count: Count): Promise<void> {
    if (calls.length === 0) return;
    const inputs = calls.map((call) => call.input);
    const outcomes = await this.records.take(CONTACTS, inputs, async (manager, taken) => {
      await this.note(manager, actor, 'contacts.identified', 'contacts', countsOf(taken));
      return [];
    });
    calls.forEach((call, i) => count(call, inTermsOf('identify', outcomes[i])));
  }

  /** An identify call may have an anonymous id in addition to the user's; it is silently ignored if it already belongs to another user. */
  private async takeAliases({ alias, identify }: Sorted, actor: string, count: Count): Promise<void> {
    const named = identify.flatMap(({ alias: pair, input }) =>
      pair ? [{ alias: pair[0], userId: pair[1], at: input.effectiveAt ?? input.arrivedAt }] : [],
    );
    const stated = alias.map(({ alias: [previousId, userId], at }) => ({ alias: previousId, userId, at }));
    const verdicts = await this.aliases.take([...stated, ...named], actor);
    alias.forEach((call, i) => {
      const verdict = verdicts[i] ?? 'known';
      const problem = ALIAS_PROBLEMS[verdict];
      if (problem) count(call, { status: 'rejected', problem });
      else count(call, verdict === 'linked' ? undefined : DUPLICATE);
    });
  }

  /** One entry for all changes of a request; none if nothing changed. */
  private async note(
    manager: EntityManager,
    actor: string,
    action: string,
    target: string,
    counts: Record<string, number>,
  ): Promise<void> {
    const detail = Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
    if (Object.keys(detail).length > 0) await this.audit.record(manager, { actor, action, target, detail });
  }
}

function inTermsOf(call: 'identify' | 'group', outcome: RecordOutcome | undefined): CallOutcome | undefined {
  return outcome?.status === 'rejected' ? { ...outcome, problem: asSent(call, outcome.problem) } : outcome;
}

function countsOf(outcomes: readonly RecordOutcome[]): Record<string, number> {
  const number = (status: RecordOutcome['status']) =>
    outcomes.filter((outcome) => outcome.status === status).length;
  return { created: number('created'), updated: number('updated'), quarantined: number('quarantined') };
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

function messageIdOf(sent: unknown): string | null {
  const messageId = (sent as { messageId?: unknown } | null)?.messageId;
  return typeof messageId === 'string' || typeof messageId === 'number'
    ? String(messageId).slice(0, 255)
    : null;
}

function errorOf({ index, messageId }: Place, { code, detail, pointer }: ProblemItem): IntakeError {
  return { index, messageId, code, detail, pointer: pointer ?? null };
}
