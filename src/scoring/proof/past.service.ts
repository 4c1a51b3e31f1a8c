import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { type ConfiguredKey, roundFeature } from '../features/catalogue.js';
import type { FeatureKey } from '../model/catalogue/catalogue.js';
import { HistoryReader } from '../history/history-reader.js';
import type { RawColumn } from '../model/ebm/columns.js';
import { daysApart, type PastRows, samplePast } from '../model/scorecards/past-rows.js';
import { ScorecardsRepository } from '../scorecards/scorecards.repository.js';
import { ScoredDayRepository } from './scored-day.repository.js';

const MAX_DAYS = 4;
/** Accounts × days that can be read while a user waits, about half a minute; a judgment call. */
const MAX_READ = 150_000;
/** Maximum number of retained accounts. More would not make a proof more certain, since churned accounts are fewer; a judgment call. */
const MAX_STAYED = 20_000;
const SEED = 1;
/** People editing a scorecard send many requests. */
const KEPT_MS = 10 * 60_000;

/** The data scorecards are tested on: accounts at past month-ends, and which of them churned. Cached for some minutes. */
@Injectable()
export class PastService {
  private kept: Promise<PastRows> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly history: HistoryReader,
    private readonly scorecards: ScorecardsRepository,
    private readonly day: ScoredDayRepository,
    private readonly clock: Clock,
  ) {}

  rows(): Promise<PastRows> {
    if (this.kept) return this.kept;
    const reading = this.read();
    const forget = (): void => {
      if (this.kept === reading) this.kept = null;
    };
    this.kept = reading;
    reading.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
    return reading;
  }

  private async read(): Promise<PastRows> {
    const { manager } = this.dataSource;
    const until = this.clock.now();
    const accounts = await this.day.accounts(manager);
    const maxDays = Math.max(1, Math.min(MAX_DAYS, Math.floor(MAX_READ / Math.max(1, accounts))));
    const days = daysApart(await this.history.days(manager, until), maxDays);
    const cards = (await this.scorecards.active()).map(({ card }) => card);
    const table = await this.history.read(manager, days, cards, until);
    const past = samplePast(table, MAX_STAYED, SEED);
    return { ...past, columns: past.columns.map(asScored) };
  }
}

/** A history stores 32-bit numbers; rounding restores the values that were scored. */
function asScored(column: RawColumn): RawColumn {
  if (column.kind === 'category') return column;
  const key = column.name as FeatureKey | ConfiguredKey;
  return { ...column, values: Float64Array.from(column.values, (value) => roundFeature(key, value) ?? NaN) };
}
