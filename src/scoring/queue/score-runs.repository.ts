import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ScoreRunDto } from './queued-run.dto.js';

const CLAIM_LOCK = 7007;
/** A process on a busy machine may be stalled for this long. */
const MIN_IDLE_MS = 1_000;

export interface ClaimedRun {
  run_id: number;
  /** The day being scored. */
  as_of: string;
  epoch: number;
  last_account_id: number;
}

/** Thrown if another instance has taken over the run, to roll back the transaction. */
export class LeaseLost extends Error {
  constructor(runId: number) {
    super(`score run ${runId} was taken over by another instance`);
    this.name = 'LeaseLost';
  }
}

type Holder = Pick<ClaimedRun, 'run_id' | 'epoch'>;

/** Runs are claimed with a lease by the database's clock. Each claim increments the epoch, and each write by a holder requires its epoch. */
@Injectable()
export class ScoreRunsRepository {
  /** For one day or several, in order. Null if the slot already has its run. */
  async create(
    manager: EntityManager,
    days: readonly [string, ...string[]],
    slot: Date | null = null,
  ): Promise<string | null> {
    const rows = await manager.query<{ id: string }[]>(
      `INSERT INTO score_run (as_of, days, slot) VALUES ($1, $2, $3) ON CONFLICT (slot) DO NOTHING RETURNING run_id::text AS id`,
      [days[0], days, slot],
    );
    return rows[0]?.id ?? null;
  }

  /**
   * A queued run for the day: an existing one, or a new one. It cannot start before the caller's transaction ends, so it sees its changes.
   */
  async request(manager: EntityManager, day: string): Promise<string> {
    const [waiting] = await manager.query<{ id: string }[]>(
      `SELECT run_id::text AS id FROM score_run
       WHERE status = 'queued' AND started_at IS NULL AND days = ARRAY[$1::date] ORDER BY run_id LIMIT 1 FOR UPDATE`,
      [day],
    );
    const id = waiting?.id ?? (await this.create(manager, [day]));
    if (id === null) throw new Error('the score run was not stored');
    return id;
  }

  /** Whether accounts are being scored as of the day, or a run for it is next; later days of a range do not count. */
  async isOpen(manager: EntityManager, asOf: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `SELECT FROM score_run WHERE status IN ('queued', 'running') AND as_of = $1 LIMIT 1`,
      [asOf],
    );
    return rows.length > 0;
  }

  /** Whether a run of the day has failed in the last 10 minutes, and would fail again. */
  async failedRecently(manager: EntityManager, asOf: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `SELECT FROM score_run WHERE status = 'failed' AND finished_at > now() - interval '10 minutes' AND $1 = ANY(days) LIMIT 1`,
      [asOf],
    );
    return rows.length > 0;
  }

  /**
   * Whether the next run of the first day is due: the nth one, when the previous one ended `pauseSeconds` · 2^(n − 1) ago.
   * Null if it is not the first day.
   */
  async isFirstDayDue(manager: EntityManager, today: string, pauseSeconds: number): Promise<boolean | null> {
    const [row] = await manager.query<{ first: boolean; due: boolean | null }[]>(
      `SELECT NOT EXISTS (SELECT FROM score_day WHERE as_of < $1 AND finished_at IS NOT NULL) AS first,
         max(finished_at) < now() - $2 * 2 ^ count(*) * interval '1 second' AS due
       FROM score_run WHERE as_of = $1 AND status IN ('succeeded', 'failed')`,
      [today, pauseSeconds],
    );
    return row?.first ? row.due === true : null;
  }

  async find(manager: EntityManager, id: string): Promise<ScoreRunDto | null> {
    const rows = await manager.query<ScoreRunDto[]>(
      `SELECT run_id::text AS id, as_of AS "asOf", status, done, total, started_at AS "startedAt", finished_at AS "finishedAt", error
       FROM score_run WHERE run_id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /**
   * A run that is queued or whose lease has expired: first one in the middle of a day, then that of a slot, then the one
   * with the fewest days. Only one runs at a time, and none interrupts a day: two runs of the same day would overwrite each
   * other.
   */
  async claim(manager: EntityManager, leaseMs: number): Promise<ClaimedRun | null> {
    return manager.transaction(async (tx) => {
      // A process that hangs here must not block other claims.
      await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${Math.max(MIN_IDLE_MS, leaseMs)}`);
      const [lock] = await tx.query<{ mine: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
        CLAIM_LOCK,
      ]);
      if (lock?.mine !== true) return null;
      const [rows] = await tx.query<[ClaimedRun[], number]>(
        `UPDATE score_run SET status = 'running', epoch = epoch + 1, started_at = coalesce(started_at, now()),
           lease_until = now() + $1 * interval '1 millisecond'
         WHERE run_id = (
           SELECT run_id FROM score_run WHERE status = 'queued' OR (status = 'running' AND lease_until < now())
           ORDER BY last_account_id = 0, slot IS NULL, cardinality(days), run_id LIMIT 1)
           -- Said again for a row that was waited for: its holder may have ended the run meanwhile.
           AND (status = 'queued' OR (status = 'running' AND lease_until < now()))
           AND NOT EXISTS (SELECT FROM score_run other WHERE other.status = 'running' AND other.lease_until >= now())
         RETURNING run_id, as_of, epoch, last_account_id`,
        [leaseMs],
      );
      return rows[0] ?? null;
    });
  }

  /** `total`: accounts to process, over all days. */
  async begin(manager: EntityManager, run: Holder): Promise<void> {
    await this.write(
      manager,
      run,
      'total = coalesce(total, cardinality(days) * (SELECT count(*) FROM account WHERE merged_into IS NULL))',
      [],
    );
  }

  async keepAlive(manager: EntityManager, run: Holder, leaseMs: number): Promise<void> {
    await this.write(manager, run, `lease_until = now() + $3 * interval '1 millisecond'`, [leaseMs]);
  }

  /**
   * Last in the transaction that writes the scores, so that they are not written if the run was taken over. `remark`: a
   * problem with an account that does not stop the run; the first one is kept.
   */
  async advance(
    manager: EntityManager,
    run: Holder,
    { accounts, lastAccountId, remark }: { accounts: number; lastAccountId: number; remark: string | null },
  ): Promise<void> {
    await this.write(manager, run, 'done = done + $3, last_account_id = $4, error = coalesce(error, $5)', [
      accounts,
      lastAccountId,
      remark,
    ]);
  }

  /** With more days to score, the run is queued again so that more urgent ones go first. */
  async endDay(manager: EntityManager, run: Holder): Promise<void> {
    await this.write(
      manager,
      run,
      `day_done = day_done + 1, last_account_id = 0, lease_until = NULL, as_of = coalesce(days[day_done + 2], as_of),
       status = CASE WHEN day_done + 1 < cardinality(days) THEN 'queued' ELSE 'succeeded' END,
       finished_at = CASE WHEN day_done + 1 < cardinality(days) THEN NULL ELSE now() END,
       total = CASE WHEN day_done + 1 < cardinality(days) THEN total ELSE done END`,
      [],
    );
  }

  async fail(manager: EntityManager, run: Holder, error: string): Promise<void> {
    await this.write(manager, run, `status = 'failed', finished_at = now(), lease_until = NULL, error = $3`, [
      error,
    ]);
  }

  /** Puts it back into the queue, to be continued immediately. */
  async release(manager: EntityManager, run: Holder): Promise<void> {
    await this.write(manager, run, `status = 'queued', lease_until = NULL`, []);
  }

  private async write(
    manager: EntityManager,
    run: Holder,
    assignments: string,
    values: unknown[],
  ): Promise<void> {
    const [, held] = await manager.query<[unknown, number]>(
      `UPDATE score_run SET ${assignments} WHERE run_id = $1 AND epoch = $2 AND status = 'running'`,
      [run.run_id, run.epoch, ...values],
    );
    if (held === 0) throw new LeaseLost(run.run_id);
  }
}
