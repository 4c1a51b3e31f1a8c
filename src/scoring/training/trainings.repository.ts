import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ModelKey } from '../model/training/trained.js';
import type { TrainingDto } from './training.dto.js';

const CLAIM_LOCK = 7008;
const ASK_LOCK = 7009;
/** A process on a busy machine may be stalled for this long. */
const MIN_IDLE_MS = 1_000;
/** Maximum attempts, for a training that crashes its process each time. */
const MAX_TRIES = 10;

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

/** Thrown if another instance has taken over the training, to roll back the transaction. */
export class TrainingLost extends Error {
  constructor(trainingId: number) {
    super(`training ${trainingId} was taken over by another instance`);
    this.name = 'TrainingLost';
  }
}

const SELECT = `SELECT training_id::text AS id, t.key, t.status, t.step, t.done, t.total, t.created_at AS "createdAt",
    t.started_at AS "startedAt", t.finished_at AS "finishedAt", t.error, v.version, v.report #>> '{decision,text}' AS decision
  FROM training t LEFT JOIN model_version v USING (model_version_id)`;

/** Trainings are claimed with a lease by the database's clock. Each claim increments the epoch, and each write by a holder requires its epoch. */
@Injectable()
export class TrainingsRepository {
  /** The queued training of the model, or a new one; null if the slot has its training already. */
  async request(manager: EntityManager, key: ModelKey, slot: Date | null = null): Promise<string | null> {
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

  async find(manager: EntityManager, key: ModelKey, id: string): Promise<TrainingDto | null> {
    const rows = await manager.query<TrainingDto[]>(`${SELECT} WHERE t.training_id = $1 AND t.key = $2`, [
      id,
      key,
    ]);
    return rows[0] ?? null;
  }

  /** Newest first. `before`: only those with a smaller id. */
  async list(
    manager: EntityManager,
    { key, before, limit }: { key: ModelKey; before: string | null; limit: number },
  ): Promise<TrainingDto[]> {
    return manager.query(
      `${SELECT} WHERE t.key = $1 AND ($2::bigint IS NULL OR t.training_id < $2) ORDER BY t.training_id DESC LIMIT $3`,
      [key, before, limit],
    );
  }

  /** The oldest training that is queued or whose lease has expired; null while another one runs. */
  async claim(manager: EntityManager, leaseMs: number): Promise<ClaimedTraining | null> {
    return manager.transaction(async (tx) => {
      // A process that hangs here must not block other claims.
      await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${Math.max(MIN_IDLE_MS, leaseMs)}`);
      const [lock] = await tx.query<{ mine: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
        CLAIM_LOCK,
      ]);
      if (lock?.mine !== true) return null;
      await tx.query(
        `UPDATE training SET status = 'failed', finished_at = now(), lease_until = NULL, error = 'gave_up: it was interrupted ' || epoch || ' times'
         WHERE epoch >= $1 AND (status = 'queued' OR status = 'running' AND lease_until < now())`,
        [MAX_TRIES],
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

  /** Renews the lease. Null for no new progress. */
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

  /** Runs in the transaction that stores the version, so nothing is stored if the training was taken over. */
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

  /** Puts it back into the queue. */
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
