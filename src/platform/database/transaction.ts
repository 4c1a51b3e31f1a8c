import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';

const RETRIED = new Set(['40P01', '40001']);

/** The SQLSTATE of a PostgreSQL error. */
export function sqlState(error: unknown): unknown {
  const driver = (error as { driverError?: { code?: unknown } } | null)?.driverError;
  return driver?.code ?? (error as { code?: unknown } | null)?.code;
}

/** Runs `work` in one transaction and retries it after a deadlock or serialization failure. */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  attempts = 5,
): Promise<T> {
  return withRetries(() => dataSource.transaction(work), attempts);
}

/** The same for a function that runs its own transaction. */
export async function withRetries<T>(transaction: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= attempts || !RETRIED.has(sqlState(error) as string)) throw error;
      await sleep(10 * attempt + Math.random() * 20);
    }
  }
}
