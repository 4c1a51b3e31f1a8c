import { Injectable } from '@nestjs/common';
import { CronExpressionParser } from 'cron-parser';
import { DataSource, type EntityManager } from 'typeorm';
import { inTransaction } from '../platform/database/transaction.js';

export interface SlotJob {
  /** Stable: slots are stored under this name. */
  readonly name: string;
  /** In UTC. */
  readonly cron: string;
  /**
   * Requests the work in the transaction that takes the slot, so that both happen or neither. Must be fast, because other
   * instances wait for the slot.
   */
  enqueue(manager: EntityManager, slot: Date): Promise<void>;
}

/**
 * A slot is a row, unique by job and time, so it runs once with any number of instances. After downtime only the latest
 * missed slot runs. Slots from before a job was introduced do not run.
 */
@Injectable()
export class JobSlotsService {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes the latest slot due by the database's clock, unless another instance has. */
  async take(job: SlotJob): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const slot = await this.newestDue(manager, job.cron);
      const rows = await manager.query<{ first: boolean }[]>(
        `WITH known AS (
           SELECT max(slot) AS newest FROM job_slot WHERE job = $1
         ), taken AS (
           INSERT INTO job_slot (job, slot) SELECT $1, $2 FROM known WHERE newest IS NULL OR newest < $2
           ON CONFLICT (job, slot) DO NOTHING RETURNING slot
         ) SELECT newest IS NULL AS first FROM known, taken`,
        [job.name, slot],
      );
      if (rows[0]?.first === false) await job.enqueue(manager, slot);
    });
  }

  private async newestDue(manager: EntityManager, cron: string): Promise<Date> {
    const [row] = await manager.query<{ now: Date }[]>('SELECT now()');
    return CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: row?.now }).prev().toDate();
  }
}
