import type { DataSource } from 'typeorm';
import type { Clock } from '../../platform/clock.js';
import { dayOf } from '../../platform/days.js';
import type { Settings } from '../../platform/settings.js';
import { HistoryReader, type ReadHistory } from '../history/history-reader.js';
import type { RunTasks } from '../model/ebm/fit.js';
import type { Scorecard } from '../model/scorecard.js';
import type { Lifetime } from '../model/survival/life-table.js';
import type { ModelKey } from '../model/training/trained.js';
import { trainChurn } from '../model/training/train-churn.js';
import { trainPropensity } from '../model/training/train-propensity.js';
import { ModelsRepository } from '../models/models.repository.js';
import { ScorecardsRepository } from '../scorecards/scorecards.repository.js';
import type { Trained } from './training-messages.js';

export type Progress = (step: string, done: number, total: number) => void;

/** The same facts give the same model. */
const SEED = 1;

interface History {
  readonly table: ReadHistory;
  readonly lifetimes: readonly Lifetime[];
  readonly cards: readonly Scorecard[];
  readonly asOf: string;
}

/** Trains on the database as of the first training, so the history is read once for all models. */
export class ModelTrainer {
  private readonly reader: HistoryReader;
  private history: History | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly run: RunTasks,
  ) {
    this.reader = new HistoryReader(settings, clock);
  }

  async train(key: ModelKey, progress: Progress): Promise<Trained> {
    const history = (this.history ??= await this.read(progress));
    const { table, lifetimes, cards, asOf } = history;
    const models = new ModelsRepository(this.dataSource, this.settings);
    if (key === 'churn') {
      const inUse = (await models.trained(key))?.definition;
      const input = {
        ...{ table, lifetimes, cards, prior: { means: table.means }, seed: SEED },
        previous: inUse?.basis === 'fitted' ? inUse : null,
      };
      const { model: definition, report } = await trainChurn(input, this.run, progress);
      return { asOf, definition, report };
    }
    const previous = (await models.trained(key))?.definition ?? null;
    const input = { table, seed: SEED, previous };
    const { model: definition, report } = await trainPropensity(key, input, this.run, progress);
    return { asOf, definition, report };
  }

  private async read(progress: Progress): Promise<History> {
    const { manager } = this.dataSource;
    const until = this.clock.now();
    const stored = await new ScorecardsRepository(this.dataSource).active();
    const cards = stored.map(({ card }) => card);
    const days = await this.reader.days(manager, until);
    const report = (done: number, total: number): void => progress('history', done, total);
    report(0, days.length);
    const table = await this.reader.read(manager, days, cards, until, report);
    const lifetimes = await this.reader.lifetimes(manager, until);
    return { table, lifetimes, cards, asOf: dayOf(until) };
  }
}
