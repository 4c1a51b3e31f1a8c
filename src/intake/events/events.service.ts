import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { DIRECTORY_LOCK, DirectoryRepository } from '../../accounts/directory.repository.js';
import { Clock } from '../../platform/clock.js';
import { withRetries } from '../../platform/database/transaction.js';
import {
  ClockCorrectionsRepository,
  Corrections,
  type ToldFact,
} from '../clock-corrections/clock-corrections.repository.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import { QuarantineRepository } from '../quarantine/quarantine.repository.js';
import { UsersRepository } from '../users/users.repository.js';
import type { EventInput, EventsTaken } from './event-input.js';
import { timeProblem } from './event-times.js';
import { EventsRepository, type AttributedEvent } from './events.repository.js';
import { PartitionsService } from './partitions.service.js';
import { RefCache } from './ref-cache.js';

const BEGIN = `BEGIN; SELECT pg_advisory_xact_lock_shared(${DIRECTORY_LOCK}, 0); SELECT version, EXISTS (SELECT FROM erased_person) AS erased, ${ClockCorrectionsRepository.ANY} AS corrected FROM directory_version; SAVEPOINT unstored`;

interface Directory {
  readonly version: number;
  /** Whether anyone was ever erased. */
  readonly erased: boolean;
  /** Whether the time of any event was ever corrected. */
  readonly corrected: boolean;
}

/** Runs in the transaction that stores the events, so its writes commit together with them. */
export type Alongside = (manager: EntityManager, taken: EventsTaken) => Promise<void>;

@Injectable()
export class EventsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly events: EventsRepository,
    private readonly partitions: PartitionsService,
    private readonly directory: DirectoryRepository,
    private readonly users: UsersRepository,
    private readonly quarantine: QuarantineRepository,
    private readonly refs: RefCache,
    private readonly erased: ErasedPersons,
    private readonly corrections: ClockCorrectionsRepository,
  ) {}

  /** Stores events in one transaction. When it returns, each one is stored, a duplicate, quarantined or rejected. */
  async take(inputs: readonly EventInput[], alongside?: Alongside): Promise<EventsTaken> {
    const rejected: EventsTaken['rejected'] = [];
    const timely: EventInput[] = [];
    const now = this.clock.now().getTime();
    const keptFrom = await this.partitions.keptFrom();
    inputs.forEach((input, index) => {
      const problem = timeProblem(input.at, now, keptFrom);
      if (problem) rejected.push({ index, problem });
      else timely.push(input);
    });
    await this.partitions.ensure(timely.map((input) => input.at));
    return withRetries(() => this.store(timely, rejected, alongside));
  }

  private async store(
    timely: readonly EventInput[],
    rejected: EventsTaken['rejected'],
    alongside?: Alongside,
  ): Promise<EventsTaken> {
    const taken: EventsTaken = { accepted: 0, duplicates: 0, quarantined: 0, rejected };
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      try {
        const results = (await client.query(BEGIN)) as unknown as { rows: Directory[] }[];
        const directory = results[2]?.rows[0];
        if (directory === undefined) throw new Error('directory_version is empty');
        const inputs = directory.erased ? await this.erased.withoutErased(runner.manager, timely) : timely;
        const { attributed, waiting } = await this.attribute(runner.manager, directory, inputs);
        const stored = attributed.length === 0 ? 0 : await this.events.insert(client, attributed);
        taken.accepted = stored;
        taken.duplicates = attributed.length - stored;
        taken.quarantined = waiting.length;
        await this.quarantine.holdEvents(runner.manager, waiting, this.clock.now());
        await alongside?.(runner.manager, taken);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
    return taken;
  }

  private async attribute(
    manager: EntityManager,
    directory: Directory,
    inputs: readonly EventInput[],
  ): Promise<{ attributed: AttributedEvent[]; waiting: EventInput[] }> {
    const accounts = await this.accountsOf(manager, Number(directory.version), inputs);
    const byUser = await this.accountsByUser(manager, directory, inputs);
    const attributed: AttributedEvent[] = [];
    const waiting: EventInput[] = [];
    for (const input of inputs) {
      const accountId = input.accountRef === undefined ? byUser.get(input) : accounts.get(input.accountRef);
      if (accountId === undefined) waiting.push(input);
      else attributed.push({ accountId, input });
    }
    const placed = await this.corrected(manager, directory.corrected, attributed);
    // A fixed order, so that batches with the same events do not deadlock.
    placed.sort((a, b) => a.accountId - b.accountId || inOrder(a.input, b.input));
    waiting.sort(inOrder);
    return { attributed: placed, waiting };
  }

  /**
   * An event from a client whose clock is ahead keeps the time it got on first arrival. A retry would be corrected by a different amount, or
   * not at all once the clock is right. If the first attempt was not corrected, the retry is not either.
   */
  private async corrected(
    manager: EntityManager,
    wereAny: boolean,
    events: AttributedEvent[],
  ): Promise<AttributedEvent[]> {
    const ahead = events.filter(({ input }) => input.toldAt !== undefined);
    if (ahead.length === 0 && !wereAny) return events;
    const known = await this.corrections.find(manager, wereAny ? events.map(asSent) : []);
    const unknown = ahead
      .map((event) => ({ ...asSent(event), at: event.input.at }))
      .filter((fact) => known.timeOf(fact) === undefined);
    const asTold = await this.events.attributed(
      manager,
      unknown.map((fact, index) => ({ ...fact, key: String(index), at: fact.toldAt })),
    );
    const settled = new Corrections(
      unknown.filter((_, index) => asTold.has(String(index))).map((fact) => ({ ...fact, at: fact.toldAt })),
    );
    const kept = await this.corrections.keep(
      manager,
      unknown.filter((fact) => settled.timeOf(fact) === undefined),
    );
    return events.map((event) => {
      const fact = asSent(event);
      const at = known.timeOf(fact) ?? settled.timeOf(fact) ?? kept.timeOf(fact) ?? event.input.at;
      return at === event.input.at ? event : { ...event, input: { ...event.input, at } };
    });
  }

  private async accountsOf(
    manager: EntityManager,
    version: number,
    inputs: readonly EventInput[],
  ): Promise<ReadonlyMap<string, number>> {
    const cached = this.refs.at(version);
    const known = new Map<string, number>();
    const unknown = new Set<string>();
    for (const { accountRef } of inputs) {
      if (accountRef === undefined) continue;
      const accountId = cached.get(accountRef);
      if (accountId === undefined) unknown.add(accountRef);
      else known.set(accountRef, accountId);
    }
    if (unknown.size === 0) return known;
    const found = await this.directory.resolve(manager, unknown);
    this.refs.add(version, found);
    for (const [ref, accountId] of found) known.set(ref, accountId);
    return known;
  }

  /**
   * For events that name only a user. If the user has been in several accounts, an account that already has the event keeps it. To be sure of
   * that, this waits for events of this kind that are still being stored elsewhere.
   */
  private async accountsByUser(
    manager: EntityManager,
    { corrected }: Directory,
    inputs: readonly EventInput[],
  ): Promise<ReadonlyMap<EventInput, number>> {
    const without = inputs.filter((input) => input.accountRef === undefined);
    const found = new Map<EventInput, number>();
    if (without.length === 0) return found;
    const userOf = (input: EventInput) => input.userId ?? input.anonymousId ?? '';
    const memberships = await this.users.settledMemberships(manager, without.map(userOf));
    const moved = without.filter((input) => memberships.all(userOf(input)).length > 1);
    const candidates = moved.flatMap((input) =>
      memberships.all(userOf(input)).map((accountId): AttributedEvent => ({ accountId, input })),
    );
    const corrections = await this.corrections.find(manager, corrected ? candidates.map(asSent) : []);
    const first = await this.events.attributed(
      manager,
      candidates.flatMap((event) => {
        const fact = asSent(event);
        const corrected = corrections.timeOf(fact);
        const times = corrected === undefined ? [event.input.at, fact.toldAt] : [corrected];
        return times.map((at) => ({ ...fact, key: keyOf(event.input), at }));
      }),
    );
    for (const input of without) {
      const accountId = first.get(keyOf(input)) ?? memberships.at(userOf(input), input.at);
      if (accountId !== undefined) found.set(input, accountId);
    }
    return found;
  }
}

function inOrder(a: EventInput, b: EventInput): number {
  return a.at - b.at || (a.messageHash < b.messageHash ? -1 : 1);
}

function keyOf(input: EventInput): string {
  return `${input.at} ${input.messageHash}`;
}

function asSent({ accountId, input }: AttributedEvent): ToldFact {
  return { accountId, toldAt: input.toldAt ?? input.at, messageHash: input.messageHash };
}
