import { runHere, type RunTasks } from '../ebm/fit.js';
import type { HistoryTable } from '../history/history-table.js';
import { PRIOR_KAPPA } from '../prior-risk.js';
import { EFFORTS, type Efforts } from './effort.js';
import { inUseOf } from './in-use.js';
import { learn, type Progress } from './learn.js';
import { CHURN_MONOTONE } from './monotone.js';
import type { Question } from './question.js';
import type { TrainingReport } from './report.js';
import type { Propensity } from './trained.js';

/** The logits of the signals are judgments, and so is this prior of their scale. */
const SIGNALS = { mean: 1, sd: 0.5 };
const LACK_OF_HEALTH = { mean: PRIOR_KAPPA, sd: PRIOR_KAPPA / 2 };

export interface PropensityTraining {
  readonly table: HistoryTable;
  readonly seed: number;
  /** The fitted model in use; null: none. */
  readonly previous: Propensity | null;
  /** Default: sized for a nightly training. */
  readonly efforts?: Efforts;
}

export interface TrainedPropensity {
  /** The trained model. The report's decision says whether to use it. */
  readonly model: Propensity;
  readonly report: TrainingReport;
}

/** Deterministic for a seed, regardless of how the tasks are run. */
export async function trainPropensity(
  key: 'contraction' | 'expansion',
  { table, seed, previous, efforts = EFFORTS }: PropensityTraining,
  run: RunTasks = runHere,
  progress: Progress = () => undefined,
): Promise<TrainedPropensity> {
  const question =
    key === 'contraction' ? contractionOf(table, seed, efforts) : expansionOf(table, seed, efforts);
  const inUse = previous?.basis === 'fitted' ? inUseOf(question, previous) : null;
  const { scale, happened, fitted, report } = await learn(question, inUse, run, progress);
  if (fitted) {
    const { ebm, calibration, scale: start } = fitted;
    return { model: { basis: 'fitted', scale: start, ebm, calibration: calibration.today }, report };
  }
  const model: Propensity = {
    basis: 'prior',
    base: scale.base,
    scale: scale.scale,
    happened,
    windows: scale.windows,
  };
  return { model, report };
}

function contractionOf(table: HistoryTable, seed: number, efforts: Efforts): Question {
  return {
    table,
    labels: table.outcomes.contraction,
    x: table.health.map((health) => -health),
    scale: LACK_OF_HEALTH,
    maxStart: LACK_OF_HEALTH.mean,
    monotone: CHURN_MONOTONE,
    words: { happened: 'contracted', judgement: 'the scorecard' },
    efforts,
    seed,
  };
}

function expansionOf(table: HistoryTable, seed: number, efforts: Efforts): Question {
  return {
    table,
    labels: table.outcomes.expansion,
    x: table.signals,
    scale: SIGNALS,
    maxStart: Infinity,
    monotone: {},
    words: { happened: 'expanded', judgement: 'the signals' },
    efforts,
    seed,
  };
}
