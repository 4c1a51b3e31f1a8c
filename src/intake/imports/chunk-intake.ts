import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import type { ProblemItem } from '../../platform/errors.js';
import { EventReader } from '../events/event-reader.js';
import { EventsService } from '../events/events.service.js';
import type { Item, ReadItem, RefusedItem } from '../formats/item.js';
import { recordKind, recordKinds } from '../kinds/kinds.js';
import { RecordReader } from '../records/record-document.js';
import { RecordIntakeService } from '../records/record-intake.service.js';
import type { RecordKindName } from '../records/record-kind.js';
import type { ImportError } from './import.dto.js';
import { NO_COUNTS, type Counts } from './imports.repository.js';

export type ImportKind = RecordKindName | 'events';
export type Chunk = readonly (ReadItem | RefusedItem)[];

/** Writes the chunk's outcome in the transaction that stores it. */
export type Report = (manager: EntityManager, counts: Counts, errors: ImportError[]) => Promise<void>;

interface Sorted<T> {
  readonly inputs: { readonly line: number; readonly id: string | null; readonly input: T }[];
  readonly errors: ImportError[];
}

export function isRead(item: Item): item is ReadItem {
  return 'value' in item;
}

/** Stores one chunk of an import. */
@Injectable()
export class ChunkIntake {
  private readonly readers = new Map(recordKinds().map((kind) => [kind.name, new RecordReader(kind)]));

  constructor(
    private readonly records: RecordIntakeService,
    private readonly events: EventsService,
    private readonly eventReader: EventReader,
    private readonly clock: Clock,
  ) {}

  async take(kind: ImportKind, chunk: Chunk, report: Report): Promise<void> {
    if (kind === 'events') await this.takeEvents(chunk, report);
    else await this.takeRecords(kind, chunk, report);
  }

  private async takeEvents(chunk: Chunk, report: Report): Promise<void> {
    const { inputs, errors: unread } = sort(chunk, (value) => this.eventReader.read(value));
    await this.events.take(
      inputs.map(({ input }) => input),
      async (manager, taken) => {
        // Reset for each attempt of the transaction.
        const errors = [...unread];
        for (const { index, problem } of taken.rejected) errors.push(errorAt(inputs[index], problem));
        const counts = {
          ...NO_COUNTS,
          created: taken.accepted,
          unchanged: taken.duplicates,
          quarantined: taken.quarantined,
        };
        await report(
          manager,
          { ...counts, received: chunk.length, rejected: errors.length },
          ordered(errors),
        );
      },
    );
  }

  private async takeRecords(name: RecordKindName, chunk: Chunk, report: Report): Promise<void> {
    const arrivedAt = this.clock.now().getTime();
    const reader = this.readers.get(name);
    if (!reader) throw new RangeError(`no kind ${name}`);
    const { inputs, errors: unread } = sort(chunk, (value) =>
      reader.read(value, { arrivedAt, replaces: false }),
    );
    await this.records.take(
      recordKind(name),
      inputs.map(({ input }) => input),
      async (manager, outcomes) => {
        // Reset for each attempt of the transaction.
        const errors = [...unread];
        const counts = { ...NO_COUNTS, received: chunk.length };
        outcomes.forEach((outcome, i) => {
          if (outcome.status === 'rejected') errors.push(errorAt(inputs[i], outcome.problem));
          else counts[outcome.status]++;
        });
        await report(manager, { ...counts, rejected: errors.length }, ordered(errors));
        return [];
      },
    );
  }
}

function sort<T>(
  chunk: Chunk,
  read: (value: unknown) => { input: T } | { problems: ProblemItem[] },
): Sorted<T> {
  const sorted: Sorted<T> = { inputs: [], errors: [] };
  for (const item of chunk) {
    const place = { line: item.line, id: isRead(item) ? idOf(item.value) : null };
    if (!isRead(item)) {
      sorted.errors.push(errorAt(place, item.problem));
      continue;
    }
    const result = read(item.value);
    if ('input' in result) sorted.inputs.push({ ...place, input: result.input });
    else sorted.errors.push(errorAt(place, result.problems[0]));
  }
  return sorted;
}

function idOf(value: unknown): string | null {
  const { id, messageId } = (value ?? {}) as { id?: unknown; messageId?: unknown };
  const known = id ?? messageId;
  return typeof known === 'string' && known.isWellFormed() ? known.replaceAll('\0', '').slice(0, 255) : null;
}

function errorAt(
  place: { line: number; id: string | null } | undefined,
  problem: ProblemItem | undefined,
): ImportError {
  return {
    line: place?.line ?? 0,
    id: place?.id ?? null,
    code: problem?.code ?? 'malformed',
    detail: problem?.detail ?? 'The line could not be read',
    pointer: problem?.pointer ?? null,
  };
}

const ordered = (errors: ImportError[]): ImportError[] => errors.sort((a, b) => a.line - b.line);
