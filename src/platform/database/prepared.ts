import { hash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

/** A named prepared statement, for queries that take longer to plan than to run. */
export interface Prepared {
  readonly text: string;
  /** Absent: planned each time. */
  readonly name?: string | undefined;
}

export function prepared(text: string): Prepared {
  return { text, name: hash('sha256', text).slice(0, 40) };
}

/** Runs outside a transaction, on its own connection. */
export async function queryPrepared<Row extends object>(
  dataSource: DataSource,
  { text, name }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    const { rows } = await client.query<Row>({ name, text, values });
    return rows;
  } finally {
    await runner.release();
  }
}
