import type { DataSource } from 'typeorm';

/** Any number; all instances must ask for the same one. */
const START_LOCK = 7_219_034_551;

/**
 * Runs the missing migrations and then `prepare`, one instance at a time: the others wait, then find the work done. The lock
 * belongs to a session, so an instance that dies in the middle frees it. When it throws, the data source is closed.
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
    // Ends the session and the lock with it; a mere release would put both back into the pool.
    await dataSource.destroy();
    throw error;
  }
}
