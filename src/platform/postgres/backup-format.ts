import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OperatorError } from './operator-error.js';

/**
 * A backup is one gzip stream: the header as a frame, the rows of each of the header's tables (COPY's text format) as frames ended by an empty
 * one, and the SHA-256 of all before it. A frame is its length (4 bytes, big-endian) and its bytes.
 */
export interface BackupHeader {
  format: 'steward-backup';
  version: 1;
  createdAt: string;
  serverVersion: string;
  /** In the order they were applied. */
  migrations: string[];
  /** Parents before their children. */
  partitions: { name: string; parent: string; bounds: string }[];
  /** Ordered so that no row is loaded before a row it refers to. */
  tables: BackupTable[];
  sequences: { name: string; lastValue: string | null }[];
}

export interface BackupTable {
  name: string;
  columns: string[];
  rows: number;
  /** Independent of the order of rows. */
  checksum: string;
}

const LONGEST_FRAME = 1 << 30;

/** Writes frames and computes their checksum. */
export class FrameWriter {
  private readonly hash: Hash = createHash('sha256');

  frame(bytes: Buffer): Buffer {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    const framed = Buffer.concat([length, bytes]);
    this.hash.update(framed);
    return framed;
  }

  end(): Buffer {
    return this.hash.digest();
  }
}

/** Reads frames in order. Throws an OperatorError if the file is truncated or damaged. */
export class BackupReader {
  private readonly hash: Hash = createHash('sha256');
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly unpacked = createGunzip();
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly file: string) {
    // Pass errors of the file on to the reader.
    pipeline(createReadStream(file), this.unpacked, () => undefined);
    this.chunks = (this.unpacked as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  async header(): Promise<BackupHeader> {
    const text = (await this.frame()).toString('utf8');
    let header: Partial<BackupHeader>;
    try {
      header = JSON.parse(text) as Partial<BackupHeader>;
    } catch {
      throw this.damaged();
    }
    if (header.format !== 'steward-backup') throw new OperatorError(`${this.file} is not a Steward backup.`);
    if (header.version !== 1) {
      throw new OperatorError(
        `${this.file} was written by a newer release of Steward: restore it with that one.`,
      );
    }
    return header as BackupHeader;
  }

  /** The rows of the next table, in arbitrary chunks. */
  async *table(): AsyncGenerator<Buffer, void, undefined> {
    for (let frame = await this.frame(); frame.length > 0; frame = await this.frame()) yield frame;
  }

  async end(): Promise<void> {
    const expected = this.hash.digest();
    if (!expected.equals(await this.take(expected.length))) throw this.damaged();
    if (this.rest.length > 0 || !(await this.next()).done) throw this.damaged();
  }

  close(): void {
    this.unpacked.destroy();
  }

  private async frame(): Promise<Buffer> {
    const length = await this.take(4);
    this.hash.update(length);
    if (length.readUInt32BE() > LONGEST_FRAME) throw this.damaged();
    const bytes = await this.take(length.readUInt32BE());
    this.hash.update(bytes);
    return bytes;
  }

  private async take(length: number): Promise<Buffer> {
    const parts = [this.rest];
    let have = this.rest.length;
    while (have < length) {
      const { value, done } = await this.next();
      if (done) throw this.damaged();
      parts.push(value);
      have += value.length;
    }
    const all = parts.length === 1 ? this.rest : Buffer.concat(parts);
    this.rest = all.subarray(length);
    return all.subarray(0, length);
  }

  private async next(): Promise<IteratorResult<Buffer, undefined>> {
    try {
      return (await this.chunks.next()) as IteratorResult<Buffer, undefined>;
    } catch (error) {
      throw this.damaged(error);
    }
  }

  private damaged(cause?: unknown): OperatorError {
    return new OperatorError(
      `${this.file} cannot be read, is truncated or is damaged. Nothing was restored.`,
      {
        cause,
      },
    );
  }
}

/** Reads the whole file first, so that a damaged one is detected before anything is restored. */
export async function verifyBackup(file: string): Promise<BackupHeader> {
  const reader = new BackupReader(file);
  try {
    const header = await reader.header();
    for (let i = 0; i < header.tables.length; i++) {
      for await (const _chunk of reader.table());
    }
    await reader.end();
    return header;
  } finally {
    reader.close();
  }
}
