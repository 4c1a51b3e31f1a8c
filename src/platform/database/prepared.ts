import { hash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

/** A statement that each connection plans once: for those that take longer to plan than to run. */
export interface Prepared {
  readonly text: string;
  /** Absent: it is planned each time after all. */
  readonly name?: string | undefined;
}

export function prepared(text: string): Prepared {
  return { text, name: hash('sha256', text).slice(0, 40) };
}

/** Not within a transaction: on a connection of its own. */
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
