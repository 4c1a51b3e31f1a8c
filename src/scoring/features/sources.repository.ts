import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FEATURE_SOURCES, type FeatureSource } from '../model/catalogue/feature.js';
import { paceOf } from './source-pace.js';
import { SOURCES_SQL } from './sources.sql.js';

const PACE_DAYS = 90;

export interface Source {
  readonly kind: FeatureSource;
  /** The UTC day on which the latest fact arrived; null when none ever did. */
  readonly lastAt: string | null;
  /** Median days between days with facts; null with too few days. */
  readonly usualGapDays: number | null;
  /** Without facts for longer than its pace explains. */
  readonly silent: boolean;
}

@Injectable()
export class SourcesRepository {
  /** When each kind of fact last arrived, as of the UTC day. Reads all facts, so use it once a run, not per request. */
  async sources(manager: EntityManager, asOf: string): Promise<Source[]> {
    const rows = await manager.query<{ kind: string; days: string[] }[]>(SOURCES_SQL, [asOf, PACE_DAYS]);
    const daysOf = new Map(rows.map(({ kind, days }) => [kind, days]));
    return FEATURE_SOURCES.map((kind) => ({ kind, ...paceOf(daysOf.get(kind) ?? [], asOf) }));
  }

  async silent(manager: EntityManager, asOf: string): Promise<FeatureSource[]> {
    return (await this.sources(manager, asOf)).flatMap(({ kind, silent }) => (silent ? [kind] : []));
  }
}
