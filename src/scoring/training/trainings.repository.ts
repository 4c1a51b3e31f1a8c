import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ModelKey } from '../model/training/trained.js';

const CLAIM_LOCK = 7008;
const ASK_LOCK = 7009;
/** A process on a busy machine may not move for that long. */
const LEAST_IDLE_MS = 1_000;
/** One that takes its process down with it each time is given up. */
const MOST_TRIES = 10;

export type TrainingStatus = 'queued' | 'running' | 'succeeded' | 'failed';

export interface Training {
  id: string;
  key: ModelKey;
  status: TrainingStatus;
  step: string | null;
  done: number;
  total: number | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
  version: number | null;
  decision: string | null;
}

export interface ClaimedTraining {
  readonly training_id: number;
  readonly key: ModelKey;
  readonly epoch: number;
}

type Holder = Pick<ClaimedTraining, 'training_id' | 'epoch'>;

export interface TrainingProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

/** Thrown when another instance has taken the training over, so that the transaction leaves no trace. */
export class TrainingLost extends Error {
  constructor(trainingId: number) {
    super(`training ${trainingId} was taken over by another instance`);
    this.name = 'TrainingLost';
  }
}

const SELECT = `SELECT training_id::text AS id, t.key, t.status, t.step, t.done, t.total, t.created_at AS "createdAt",
    t.started_at AS "startedAt", t.finished_at AS "finishedAt", t.error, v.version, v.report #>> '{decision,text}' AS decision
  FROM training t LEFT JOIN model_version v USING (model_version_id)`;

/** Trainings are claimed with a lease by the database's clock; each claim raises the epoch, and every write of a holder asks for its own. */
@Injectable()
export class TrainingsRepository {
  /** The one of the target that waits already, or a new one; nothing when the slot has its training. */
  async ask(manager: EntityManager, key: ModelKey, slot: Date | null = null): Promise<string | null> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [ASK_LOCK]);
    const [row] = await manager.query<{ id: string }[]>(
      `WITH waiting AS (
         SELECT training_id FROM training WHERE key = $1 AND status = 'queued' ORDER BY training_id LIMIT 1 FOR UPDATE
       ), made AS (
         INSERT INTO training (key, slot) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM waiting)
         ON CONFLICT (slot, key) DO NOTHING RETURNING training_id
       ) SELECT training_id::text AS id FROM waiting UNION ALL SELECT training_id::text FROM made`,
      [key, slot],
    );
    return row?.id ?? null;
  }

  async find(manager: EntityManager, key: ModelKey, id: string): Promise<Training | null> {
    const rows = await manager.query<Training[]>(`${SELECT} WHERE t.training_id = $1 AND t.key = $2`, [
      id,
      key,
    ]);
    return rows[0] ?? null;
  }

  /** The newest first. `before`: only those with a smaller id. */
  async list(
    manager: EntityManager,
    { key, before, limit }: { key: ModelKey; before: string | null; limit: number },
  ): Promise<Training[]> {
    return manager.query(
      `${SELECT} WHERE t.key = $1 AND ($2::bigint IS NULL OR t.training_id < $2) ORDER BY t.training_id DESC LIMIT $3`,
      [key, before, limit],
    );
  }

  /** One that waits or whose holder gave no sign of life, the oldest first; null while another one runs. */
  async claim(manager: EntityManager, leaseMs: number): Promise<ClaimedTraining | null> {
    return manager.transaction(async (tx) => {
      // A process that freezes here must not keep the others from claiming.
      await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${Math.max(LEAST_IDLE_MS, leaseMs)}`);
      const [lock] = await tx.query<{ mine: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
        CLAIM_LOCK,
      ]);
      if (lock?.mine !== true) return null;
      await tx.query(
        `UPDATE training SET status = 'failed', finished_at = now(), lease_until = NULL, error = 'gave_up: it was broken off ' || epoch || ' times'
         WHERE epoch >= $1 AND (status = 'queued' OR status = 'running' AND lease_until < now())`,
        [MOST_TRIES],
      );
      const [rows] = await tx.query<[ClaimedTraining[], number]>(
        `UPDATE training SET status = 'running', epoch = epoch + 1, started_at = coalesce(started_at, now()), step = 'history', done = 0,
           total = NULL, lease_until = now() + $1 * interval '1 millisecond'
         WHERE training_id = (
           SELECT training_id FROM training WHERE status = 'queued' OR (status = 'running' AND lease_until < now())
           ORDER BY training_id LIMIT 1)
           -- Said again for a row that was waited for: its holder may have ended the training meanwhile.
           AND (status = 'queued' OR (status = 'running' AND lease_until < now()))
           AND NOT EXISTS (SELECT FROM training other WHERE other.status = 'running' AND other.lease_until >= now())
         RETURNING training_id, key, epoch`,
        [leaseMs],
      );
      return rows[0] ?? null;
    });
  }

  /** A sign of life. Null: nothing new to tell. */
  async advance(
    manager: EntityManager,
    holder: Holder,
    progress: TrainingProgress | null,
    leaseMs: number,
  ): Promise<void> {
    await this.write(
      manager,
      holder,
      `lease_until = now() + $3 * interval '1 millisecond', step = coalesce($4, step), done = coalesce($5, done), total = coalesce($6, total)`,
      [leaseMs, progress?.step ?? null, progress?.done ?? null, progress?.total ?? null],
    );
  }

  /** In the transaction that stores the version: when the training was taken over, it is not stored. */
  async succeed(manager: EntityManager, holder: Holder, modelVersionId: number): Promise<void> {
    await this.write(
      manager,
      holder,
      `status = 'succeeded', finished_at = now(), lease_until = NULL, done = coalesce(total, done), model_version_id = $3`,
      [modelVersionId],
    );
  }

  async fail(manager: EntityManager, holder: Holder, error: string): Promise<void> {
    await this.write(
      manager,
      holder,
      `status = 'failed', finished_at = now(), lease_until = NULL, error = $3`,
      [error],
    );
  }

  /** Gives it back to be begun again. */
  async release(manager: EntityManager, holder: Holder): Promise<void> {
    await this.write(manager, holder, `status = 'queued', lease_until = NULL`, []);
  }

  private async write(
    manager: EntityManager,
    holder: Holder,
    assignments: string,
    values: unknown[],
  ): Promise<void> {
    const [, held] = await manager.query<[unknown, number]>(
      `UPDATE training SET ${assignments} WHERE training_id = $1 AND epoch = $2 AND status = 'running'`,
      [holder.training_id, holder.epoch, ...values],
    );
    if (held === 0) throw new TrainingLost(holder.training_id);
  }
}
