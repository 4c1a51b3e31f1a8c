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

/** The logits of the signals are judgements themselves; how far off, is one too. */
const SIGNALS = { mean: 1, sd: 0.5 };
const LACK_OF_HEALTH = { mean: PRIOR_KAPPA, sd: PRIOR_KAPPA / 2 };

export interface PropensityTraining {
  readonly table: HistoryTable;
  readonly seed: number;
  /** What is in use; null: nothing fitted is. */
  readonly previous: Propensity | null;
  /** Default: what a night has time for. */
  readonly efforts?: Efforts;
}

export interface TrainedPropensity {
  /** What was trained; the report's decision says whether it is to be used. */
  readonly model: Propensity;
  readonly report: TrainingReport;
}

/** Deterministic for a seed, however the tasks are run. */
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
    mostStart: LACK_OF_HEALTH.mean,
    monotone: CHURN_MONOTONE,
    words: { happened: 'have shrunk', judgement: 'the scorecard' },
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
    mostStart: Infinity,
    monotone: {},
    words: { happened: 'have grown', judgement: 'the signals' },
    efforts,
    seed,
  };
}
