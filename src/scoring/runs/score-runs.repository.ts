import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Peers } from '../features/features.repository.js';

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed';

export interface ScoreRun {
  id: string;
  asOf: string;
  status: RunStatus;
  done: number;
  total: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
}

export interface ClaimedRun {
  run_id: number;
  as_of: string;
  epoch: number;
  last_account_id: number;
  /** Null until it has begun. */
  scorecard_id: number | null;
  peers: Peers | null;
}

/** Thrown when another instance has taken the run over, so that the transaction leaves no trace. */
export class LeaseLost extends Error {
  constructor(runId: number) {
    super(`score run ${runId} was taken over by another instance`);
    this.name = 'LeaseLost';
  }
}

type Holder = Pick<ClaimedRun, 'run_id' | 'epoch'>;

/** Runs are claimed with a lease by the database's clock; each claim raises the epoch, and every write of a holder asks for its own. */
@Injectable()
export class ScoreRunsRepository {
  /** Answers null when the slot has its run already. */
  async create(manager: EntityManager, asOf: string, slot: Date | null = null): Promise<string | null> {
    const rows = await manager.query<{ id: string }[]>(
      `INSERT INTO score_run (as_of, slot) VALUES ($1, $2) ON CONFLICT (slot) DO NOTHING RETURNING run_id::text AS id`,
      [asOf, slot],
    );
    return rows[0]?.id ?? null;
  }

  async find(manager: EntityManager, id: string): Promise<ScoreRun | null> {
    const rows = await manager.query<ScoreRun[]>(
      `SELECT run_id::text AS id, as_of AS "asOf", status, done, total, started_at AS "startedAt", finished_at AS "finishedAt", error
       FROM score_run WHERE run_id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** The oldest that waits or whose holder gave no sign of life. */
  async claim(manager: EntityManager, leaseMs: number): Promise<ClaimedRun | null> {
    const rows = await manager.query<ClaimedRun[]>(
      `WITH next AS (
         SELECT run_id FROM score_run
         WHERE status = 'queued' OR (status = 'running' AND lease_until < now())
         ORDER BY run_id LIMIT 1 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE score_run r SET status = 'running', epoch = epoch + 1, started_at = coalesce(started_at, now()),
           lease_until = now() + $1 * interval '1 millisecond'
         FROM next WHERE r.run_id = next.run_id
         RETURNING r.run_id, as_of, epoch, last_account_id, scorecard_id, peers
       ) SELECT * FROM claimed`,
      [leaseMs],
    );
    return rows[0] ?? null;
  }

  /** Fixed for the whole run, also when another instance ends it. */
  async begin(
    manager: EntityManager,
    run: Holder,
    fixed: { scorecardId: number; currency: string; peers: Peers },
  ): Promise<void> {
    const { scorecardId, currency, peers } = fixed;
    await this.write(
      manager,
      run,
      `scorecard_id = $3, currency = $4, peers = $5, total = (SELECT count(*) FROM account WHERE merged_into IS NULL)`,
      [scorecardId, currency, JSON.stringify(peers)],
    );
  }

  async keepAlive(manager: EntityManager, run: Holder, leaseMs: number): Promise<void> {
    await this.write(manager, run, `lease_until = now() + $3 * interval '1 millisecond'`, [leaseMs]);
  }

  /** Last in the transaction that writes the scores: when the run was taken over, they are not written. */
  /** `remark`: what is wrong with an account although the run goes on; the first one is kept. */
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

  async succeed(manager: EntityManager, run: Holder): Promise<void> {
    await this.write(
      manager,
      run,
      `status = 'succeeded', finished_at = now(), lease_until = NULL, total = done`,
      [],
    );
  }

  async fail(manager: EntityManager, run: Holder, error: string): Promise<void> {
    await this.write(manager, run, `status = 'failed', finished_at = now(), lease_until = NULL, error = $3`, [
      error,
    ]);
  }

  /** Gives it back to be gone on with at once. */
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
