import { statfs } from 'node:fs/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors.js';
import type { AppLogger } from '../logging/app-logger.js';

const LOOK_EVERY_MS = 500;
/**
 * Kept free because PostgreSQL stops, reads included, if it cannot write its WAL. Enough for the writes in flight between two checks.
 */
const RESERVE_BYTES = 128 * 1024 * 1024;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Watches the disk of the embedded database. While it is almost full, the service rejects writes so that reads keep working. */
export class DiskSpace implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  isFull = false;

  /** @param folder null if the database is external */
  constructor(
    private readonly folder: string | null,
    private readonly log: AppLogger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.folder === null) return;
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Throws 503 `disk_full`. */
  expectRoom(): void {
    if (!this.isFull) return;
    throw new DomainError('disk_full', 503, 'The disk is full: writes resume once space is freed', {
      headers: { 'Retry-After': '30' },
    });
  }

  private async look(): Promise<void> {
    const free = await statfs(this.folder ?? '').then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Infinity,
    );
    const isFull = free < (this.isFull ? RESERVE_BYTES * 1.25 : RESERVE_BYTES);
    if (isFull === this.isFull) return;
    this.isFull = isFull;
    const freeMb = Math.floor(free / 1024 / 1024);
    if (isFull)
      this.log.error({ freeMb }, 'DATA_DIR is out of disk space, refusing writes until space is freed');
    else this.log.info({ freeMb }, 'DATA_DIR has disk space again, accepting writes');
  }
}

/** Rejects writes before the body is read. */
export function rejectWritesWhenFull(disk: DiskSpace) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!READS.has(request.method)) disk.expectRoom();
    next();
  };
}
