import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** What is secret about this installation, the same in all its instances and for as long as its data lives. */
export class Installation {
  constructor(private readonly secret: Buffer) {}

  /** 32 bytes of its own for each purpose, so that what leaks of one says nothing of another. */
  keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, '', `steward:${purpose}`, 32));
  }
}

/**
 * Without SECRETS_KEY one is made and kept in the database. Throws when the key is not the one that this database was set up
 * with: what was encrypted or hashed by the former could not be read any more.
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
