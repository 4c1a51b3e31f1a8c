import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Statement } from '../../accounts/states/fold.js';
import {
  ClockCorrectionsRepository,
  type CorrectedFact,
  type ToldFact,
} from '../clock-corrections/clock-corrections.repository.js';
import type { PlacedRecord } from './records.service.js';

/** Clients may send whole seconds, and requests take time, so within this margin the call that arrives later wins. */
const MARGIN_MS = 5_000;

/**
 * Decides when tracking calls take effect. A time in the future would override later calls until then, so the time of
 * arrival is used instead. A retry keeps the time the call got when it first arrived.
 */
@Injectable()
export class CallTimes {
  constructor(private readonly corrections: ClockCorrectionsRepository) {}

  /** \`known\`: statements of the records, in order of time. The accounts of the records are locked. */
  async settle(
    manager: EntityManager,
    records: readonly PlacedRecord[],
    known: ReadonlyMap<string, readonly Statement[]>,
  ): Promise<PlacedRecord[]> {
    const corrections = await this.corrections.find(
      manager,
      records.flatMap((record) => told(record) ?? []),
    );
    const fresh: CorrectedFact[] = [];
    const settled = records.map((record) => {
      const { input } = record;
      const fact = told(record);
      if (fact === undefined || input.effectiveAt === undefined) return record;
      const effectiveAt =
        corrections.timeOf(fact) ??
        asStated(fact.toldAt, input.arrivedAt, known.get(record.id)) ??
        notAhead(input.effectiveAt, input.arrivedAt, known.get(record.id));
      if (effectiveAt !== fact.toldAt) fresh.push({ ...fact, at: effectiveAt });
      return { ...record, input: { ...input, effectiveAt } };
    });
    await this.corrections.keep(manager, fresh);
    return settled;
  }
}

/** The client's own time if the record has a statement of exactly then: the first attempt, which was not corrected. */
function asStated(toldAt: number, arrivedAt: number, known: readonly Statement[] = []): number | undefined {
  const isStated = toldAt <= arrivedAt && known.some((statement) => statement.effectiveAt === toldAt);
  return isStated ? toldAt : undefined;
}

/** After everything known on arrival, but before anything that arrives later. */
function notAhead(effectiveAt: number, arrivedAt: number, known: readonly Statement[] = []): number {
  if (effectiveAt <= arrivedAt) return effectiveAt;
  const last = known.findLast((statement) => statement.effectiveAt <= arrivedAt);
  return Math.max(last?.effectiveAt ?? -Infinity, arrivedAt - MARGIN_MS);
}

function told({ accountId, input }: PlacedRecord): ToldFact | undefined {
  return input.told && { accountId, toldAt: input.told.at, messageHash: input.told.messageHash };
}
