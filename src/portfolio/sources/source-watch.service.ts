import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { dayOf } from '../../platform/days.js';
import { Outbox, type OutboxEvent } from '../../platform/outbox/outbox.js';
import { FEATURE_SOURCES } from '../../scoring/model/catalogue/feature.js';
import { type Source, SourcesRepository } from '../../scoring/features/sources.repository.js';
import { type SourceState, SourceStateRepository } from './source-state.repository.js';

const MIN_PAUSE_MS = 50_000;
/** A check reads all facts, so it may take only this share of the time. */
const SHARE_OF_TIME = 1 / 50;

/** Detects when a source falls silent or comes back, and sends an event, once with any number of instances. */
@Injectable()
export class SourceWatchService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sources: SourcesRepository,
    private readonly states: SourceStateRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Does nothing if no check is due or another instance is checking. The result and its events are one transaction. */
  async check(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.states.claim(manager))) return;
      const begun = performance.now();
      const before = await this.states.all(manager);
      const found = await this.sources.sources(manager, dayOf(this.clock.now()));
      const pauseMs = Math.max(MIN_PAUSE_MS, (performance.now() - begun) / SHARE_OF_TIME);
      await this.states.put(manager, found, Math.round(pauseMs));
      await this.outbox.append(manager, silenceEvents(before, found));
    });
  }

  /** In catalog order, as of the last check; the first request runs a check. */
  async list(): Promise<SourceState[]> {
    await this.check();
    const known = await this.states.all(this.dataSource.manager);
    const rank = new Map<string, number>(FEATURE_SOURCES.map((kind, place) => [kind, place]));
    const place = ({ kind }: SourceState): number => rank.get(kind) ?? rank.size;
    return known.sort((a, b) => place(a) - place(b));
  }
}

/** A source that is silent at the first check also causes an event. */
function silenceEvents(before: readonly SourceState[], found: readonly Source[]): OutboxEvent[] {
  return found.flatMap(({ kind, lastAt, usualGapDays, silent }): OutboxEvent[] => {
    const past = before.find((state) => state.kind === kind);
    if (silent === (past?.silent ?? false)) return [];
    const payload = { kind, lastAt, usualGapDays };
    if (silent) return [{ topic: 'source.silent', accountId: null, payload }];
    return [
      { topic: 'source.back', accountId: null, payload: { ...payload, silentSince: past?.silentSince } },
    ];
  });
}
