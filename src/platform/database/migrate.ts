import type { DataSource } from 'typeorm';

/** Arbitrary, but the same in all instances. */
const START_LOCK = 7_219_034_551;

/**
 * Runs pending migrations and then `prepare`, one instance at a time. The lock belongs to a session, so an instance that
 * dies frees it. If this throws, the data source is closed.
 */
export async function migrate<T>(dataSource: DataSource, prepare: () => Promise<T>): Promise<T> {
  const holder = dataSource.createQueryRunner();
  await holder.connect();
  try {
    await holder.query('select pg_advisory_lock($1)', [START_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
    const prepared = await prepare();
    await holder.query('select pg_advisory_unlock($1)', [START_LOCK]);
    await holder.release();
    return prepared;
  } catch (error) {
    // End the session, and with it the lock; releasing it would return both to the pool.
    await dataSource.destroy();
    throw error;
  }
}
