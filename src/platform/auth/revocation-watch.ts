import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BodyAborted } from '../http/decode-body.js';
import type { CallerIdentity } from './scopes.js';

const CHECK_MS = 250;

interface Watched {
  readonly keyId: string;
  readonly controller: AbortController;
}

/**
 * Ends long requests when their key is revoked. While there are any, one query every quarter of a second checks all their
 * keys, so they end within a second, whichever instance revoked the key.
 */
@Injectable()
export class RevocationWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private asking = false;

  constructor(private readonly dataSource: DataSource) {}

  /** The signal aborts with a `BodyAborted` once the key stops working. Call `stop` at the end. */
  start({ kind, id }: CallerIdentity): { signal: AbortSignal; stop: () => void } {
    const watched = { keyId: id, controller: new AbortController() };
    if (kind === 'key') this.watched.add(watched);
    this.timer ??= setInterval(() => void this.check(), CHECK_MS).unref();
    return {
      signal: watched.controller.signal,
      stop: () => {
        this.watched.delete(watched);
        if (this.watched.size > 0) return;
        clearInterval(this.timer);
        this.timer = undefined;
      },
    };
  }

  private async check(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const working = await this.working([...new Set([...this.watched].map(({ keyId }) => keyId))]);
      for (const { keyId, controller } of this.watched) {
        if (!working.has(keyId)) controller.abort(new BodyAborted(REVOKED));
      }
    } catch {
      // The database is unavailable: nothing is stored meanwhile, and the next check decides.
    } finally {
      this.asking = false;
    }
  }

  private async working(keyIds: string[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `select id from api_key
        where id = any ($1) and revoked_at is null and (expires_at is null or expires_at > now())`,
      [keyIds],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

const REVOKED = {
  code: 'key_revoked',
  detail: 'The API key was revoked or expired before the end of the body',
};
