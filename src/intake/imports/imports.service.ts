import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { DomainError } from '../../platform/errors.js';
import { BodyTimes } from '../../platform/http/body-times.js';
import { decodeBody } from '../../platform/http/decode-body.js';
import { Patience } from '../../platform/http/patience.js';
import { MAX_EVENT_BYTES } from '../events/event-reader.js';
import { formatOf } from '../formats/body-format.js';
import { columnsOf } from '../formats/csv-columns.js';
import { isEnding, type Ending, type Item } from '../formats/item.js';
import { readItems } from '../formats/read-items.js';
import { EventDto } from '../kinds/event.dto.js';
import { recordKind } from '../kinds/kinds.js';
import { ChunkIntake, type Chunk, type ImportKind } from './chunk-intake.js';
import type { ImportAnswer, ImportError } from './import.dto.js';
import { ImportsRepository } from './imports.repository.js';
import { inChunks } from './in-chunks.js';

const SHOWN_ERRORS = 1_000;
/** An import with this many rejected lines is the wrong file. Each is stored with its reason, so a small compressed body could fill the disk. */
const MAX_ERRORS = 100_000;
const CHUNK = {
  items: 1_000,
  bytes: 4 * 1024 * 1024,
  /** A slow sender's lines are committed after this time, so that little is lost if it disconnects. */
  ms: 2_000,
};

export interface SentImport {
  readonly kind: ImportKind;
  readonly body: Readable;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly actor: string;
  /** Ends reading; what was received so far is kept. */
  readonly signal?: AbortSignal;
}

interface Started {
  readonly id: string;
  readonly kind: ImportKind;
  readonly actor: string;
}

/** Streams a file and commits it in chunks. Only one chunk is in memory, whatever the size of the file. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportsRepository,
    private readonly chunks: ChunkIntake,
    private readonly audit: AuditLog,
    private readonly times: BodyTimes,
  ) {}

  async import({
    kind,
    body,
    contentType,
    contentEncoding,
    actor,
    signal,
  }: SentImport): Promise<ImportAnswer> {
    const format = formatOf(contentType);
    const columns = columnsOf(kind === 'events' ? EventDto : recordKind(kind).dto);
    const patience = new Patience(this.times.importPauseMs);
    const items = readItems(decodeBody(body, contentEncoding, { patience, signal }), format, {
      maxItemBytes: MAX_EVENT_BYTES,
      columns,
    });
    // A body that is invalid as a whole is rejected before an import is created.
    const first = await items.next();
    if (!first.done && isEnding(first.value) && first.value.brokeOff) refuse(first.value);
    const id = await this.start(kind, format, actor);
    const errors: ImportError[] = [];
    const ending = await this.takeAll({ id, kind, actor }, prepend(first, items), errors);
    const brokeOff = ending.brokeOff
      ? { line: ending.line, code: ending.brokeOff.code, detail: ending.brokeOff.detail }
      : null;
    const finished = await this.imports.finish(this.dataSource.manager, id, brokeOff);
    return { ...finished, errors };
  }

  private start(kind: ImportKind, format: string, actor: string): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      const id = await this.imports.start(manager, kind, format);
      await this.audit.record(manager, {
        actor,
        action: 'imports.started',
        target: `imports/${id}`,
        detail: { kind, format },
      });
      return id;
    });
  }

  private async takeAll(
    started: Started,
    items: AsyncGenerator<Item>,
    shown: ImportError[],
  ): Promise<Ending> {
    let seq = 0;
    for await (const { chunk, ending } of inChunks(items, CHUNK)) {
      const last = chunk.at(-1);
      if (last !== undefined) {
        const found = await this.takeChunk(started, chunk, { seq, lastLine: last.line });
        seq += found.length;
        shown.push(...found.slice(0, Math.max(0, SHOWN_ERRORS - shown.length)));
        if (seq >= MAX_ERRORS && !ending) return tooManyErrors(last.line);
      }
      if (ending) return ending;
    }
    throw new Error('the reader gave no ending');
  }

  private async takeChunk(
    { id, kind, actor }: Started,
    chunk: Chunk,
    { seq, lastLine }: { seq: number; lastLine: number },
  ): Promise<ImportError[]> {
    let found: ImportError[] = [];
    await this.chunks.take(kind, chunk, async (manager, counts, errors) => {
      found = errors;
      const numbered = errors.map((error, i) => ({ seq: seq + i + 1, error }));
      await this.imports.progress(manager, id, counts, lastLine, numbered);
      const { created, updated, quarantined } = counts;
      if (created + updated + quarantined === 0) return;
      await this.audit.record(manager, {
        actor,
        action: 'imports.chunk',
        target: `imports/${id}`,
        detail: { kind, lastLine, created, updated, quarantined },
      });
    });
    return found;
  }
}

const tooManyErrors = (line: number): Ending => ({
  line,
  complete: false,
  brokeOff: {
    code: 'too_many_errors',
    detail: `The import stopped after ${MAX_ERRORS} rejected lines; the lines before it were imported`,
  },
});

function refuse({ brokeOff }: Ending): never {
  throw new DomainError(brokeOff?.code ?? 'malformed', 400, brokeOff?.detail ?? 'The body could not be read');
}

async function* prepend(first: IteratorResult<Item>, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  if (!first.done) yield first.value;
  yield* rest;
}
