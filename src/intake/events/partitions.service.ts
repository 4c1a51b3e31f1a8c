import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { Settings } from '../../platform/settings.js';

const PARTITION_LOCK = 7003;
const DAY_MS = 86_400_000;
/** How long to trust the cached partitions, as another instance may have dropped some. */
const DROPPED_MS = 60_000;

function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

function monthStart(month: string, plus = 0): Date {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + plus, 1));
}

function monthIn(partition: string): string {
  return partition.slice(-7).replace('_', '-');
}

/** Raw events are partitioned by month. Partitions entirely older than EVENT_RETENTION_DAYS are dropped; roll-ups stay. */
@Injectable()
export class PartitionsService {
  private readonly known = new Set<string>();
  private droppedUntil = { at: -Infinity, readAt: -Infinity };

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Epoch ms. Older events are rejected as `too_old`, since a repeat could no longer be recognized. What was dropped once stays too old even
   * if the setting is raised later.
   */
  async keptFrom(): Promise<number> {
    const now = this.clock.now().getTime();
    if (now > this.droppedUntil.readAt + DROPPED_MS) {
      const [row]: { until_ms: string | null }[] = await this.dataSource.query(
        'SELECT extract(epoch FROM events_dropped_until) * 1000 AS until_ms FROM directory_version',
      );
      this.droppedUntil = { at: Number(row?.until_ms ?? -Infinity), readAt: now };
    }
    const oldest = monthStart(monthOf(now - this.settings.eventRetentionDays * DAY_MS)).getTime();
    return Math.max(oldest, this.droppedUntil.at);
  }

  /** Call it outside the transaction that stores the events, because it commits the partitions it creates. */
  async ensure(times: Iterable<number>): Promise<void> {
    const days = new Set<number>();
    for (const at of times) days.add(Math.floor(at / DAY_MS));
    const missing = new Set<string>();
    for (const day of days) {
      const month = monthOf(day * DAY_MS);
      if (!this.known.has(month)) missing.add(month);
    }
    for (const month of [...missing].sort()) await this.create(month);
  }

  async dropExpired(): Promise<string[]> {
    const keptFrom = await this.keptFrom();
    const rows: { name: string }[] = await this.dataSource.query(
      `SELECT relid::regclass::text AS name FROM pg_partition_tree('event') WHERE isleaf ORDER BY 1`,
    );
    const expired = rows
      .map((row) => row.name)
      .filter((name) => monthStart(monthIn(name), 1).getTime() <= keptFrom);
    for (const name of expired) {
      await this.dataSource.transaction(async (manager) => {
        // A backup may be reading: waiting for it would block all intake behind this statement.
        await manager.query(`SET LOCAL lock_timeout = '2s'`);
        await manager.query(`DROP TABLE IF EXISTS ${name}`);
        await manager.query(
          'UPDATE directory_version SET events_dropped_until = greatest(events_dropped_until, $1::timestamptz)',
          [monthStart(monthIn(name), 1).toISOString()],
        );
      });
      this.known.delete(monthIn(name));
    }
    // Events this old are rejected, so a retry of one need not be recognized.
    await this.dataSource.query('DELETE FROM clock_correction WHERE at < $1', [new Date(keptFrom)]);
    this.droppedUntil.readAt = -Infinity;
    return expired;
  }

  private async create(month: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      const from = monthStart(month).toISOString();
      const to = monthStart(month, 1).toISOString();
      const name = `event_${month.replace('-', '_')}`;
      const [{ exists } = { exists: null }]: { exists: string | null }[] = await manager.query(
        'SELECT to_regclass($1)::text AS exists',
        [name],
      );
      if (exists !== null) return;
      // Attaching waits for neither readers nor writers of the other months; PARTITION OF would.
      await manager.query(`CREATE TABLE ${name} (LIKE event INCLUDING ALL)`);
      await manager.query(
        `ALTER TABLE event ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`,
      );
    });
    this.known.add(month);
  }
}
