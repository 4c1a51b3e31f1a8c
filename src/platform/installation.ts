import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** The installation's secret, shared by all instances and kept as long as its data. */
export class Installation {
  constructor(private readonly secret: Buffer) {}

  /** Derives a separate 32-byte key per purpose, so that a leak of one does not affect the others. */
  keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, '', `steward:${purpose}`, 32));
  }
}

/**
 * Without SECRETS_KEY, a secret is created and kept in the database. Throws if SECRETS_KEY is not the one this database
 * was set up with, since data encrypted or hashed with the old key could no longer be read.
 */
export async function openInstallation(
  dataSource: DataSource,
  secretsKey: Buffer | null,
): Promise<Installation> {
  const fresh = secretsKey ?? randomBytes(32);
  await dataSource.query(
    'insert into installation (secret, key_check) values ($1, $2) on conflict do nothing',
    [secretsKey ? null : fresh, checkOf(fresh)],
  );
  const [row] = await dataSource.query<{ secret: Buffer | null; key_check: Buffer }[]>(
    'select secret, key_check from installation',
  );
  const secret = secretsKey ?? row?.secret;
  if (!row || !secret) throw new Error('SECRETS_KEY is missing, but this database was set up with one');
  if (!timingSafeEqual(checkOf(secret), row.key_check)) {
    throw new Error('SECRETS_KEY is not the one this database was set up with');
  }
  return new Installation(secret);
}

const checkOf = (secret: Buffer): Buffer => createHmac('sha256', secret).update('steward:key-check').digest();
