import type { RunTasks } from '../ebm/fit.js';
import { runHere } from '../ebm/fit.js';
import type { EbmModel } from '../ebm/model.js';
import { LOGIT_SCALE } from '../churn-risk.js';
import type { HistoryTable } from '../history/history-table.js';
import { PRIOR_KAPPA, type PriorModel } from '../prior-risk.js';
import type { Scorecard } from '../scorecard.js';
import type { Lifetime } from '../survival/life-table.js';
import { MIN_HAPPENED } from './backtest.js';
import { EFFORTS, type Efforts } from './effort.js';
import { fitRows } from './fit-rows.js';
import { fitTail } from './fit-tail.js';
import { inUseOf } from './in-use.js';
import { type FittedPart, learn, type Learned, type Progress } from './learn.js';
import { CHURN_MONOTONE } from './monotone.js';
import type { Question } from './question.js';
import type { TrainingReport } from './report.js';
import { happenedIn, matureDays, rowsOf } from './snapshots.js';
import type { FittedChurn } from './trained.js';

/** Half of the prior mean. */
const KAPPA_SD = PRIOR_KAPPA / 2;

export interface ChurnTraining {
  readonly table: HistoryTable;
  /** Lifetimes in months. */
  readonly lifetimes: readonly Lifetime[];
  /** The scorecards that the table's health comes from. */
  readonly cards: readonly Scorecard[];
  readonly prior: Pick<PriorModel, 'means'>;
  readonly seed: number;
  /** The fitted model in use; null: the scorecard is in use. */
  readonly previous: FittedChurn | null;
  /** Default: sized for a nightly training. */
  readonly efforts?: Efforts;
}

export interface TrainedChurn {
  /** The trained model. The report's decision says whether to use it. */
  readonly model: FittedChurn | PriorModel;
  readonly report: TrainingReport;
}

/** Deterministic for a seed, regardless of how the tasks are run. */
export async function trainChurn(
  input: ChurnTraining,
  run: RunTasks = runHere,
  progress: Progress = () => undefined,
): Promise<TrainedChurn> {
  const { table, previous, efforts = EFFORTS } = input;
  const [labels] = table.outcomes.churn;
  const question: Question = {
    table,
    labels,
    x: table.health.map((health) => -health),
    scale: { mean: PRIOR_KAPPA, sd: KAPPA_SD },
    maxStart: PRIOR_KAPPA,
    monotone: CHURN_MONOTONE,
    words: { happened: 'churned', judgement: 'the scorecard' },
    efforts,
    seed: input.seed,
  };
  const inUse =
    previous &&
    inUseOf(question, {
      ebm: previous.ebm,
      calibration: previous.calibration,
      scale: previous.prior.kappa,
    });
  const learned = await learn(question, inUse, run, progress);
  const prior = priorOf(learned, input.prior.means);
  const { fitted, report } = learned;
  if (!fitted) return { model: prior, report };
  const later = await fitLater(question, fitted, run, progress);
  const tail = fitTail(input.lifetimes);
  const from = { ...prior, kappa: fitted.scale };
  const { today: calibration } = fitted.calibration;
  return {
    model: { basis: 'fitted', prior: from, cards: input.cards, ebm: fitted.ebm, calibration, later, tail },
    report,
  };
}

function priorOf({ scale, happened }: Learned, means: PriorModel['means']): PriorModel {
  return {
    basis: 'prior',
    kappa: scale.scale,
    base: Math.round(LOGIT_SCALE * scale.base),
    means,
    churned: happened,
    windows: scale.windows,
  };
}

/** Models of quarters 2 to 4 with the features, bins and offset of the first, so that scoring reads an account once for all of them. */
async function fitLater(
  question: Question,
  { ebm: { features }, scale, columns, reference }: FittedPart,
  run: RunTasks,
  progress: Progress,
): Promise<FittedChurn['later']> {
  const { table } = question;
  const quarters = table.outcomes.churn.slice(1);
  const later: (EbmModel | null)[] = [];
  for (const labels of quarters) {
    progress('quarters', later.length, quarters.length);
    const mature = matureDays(table, labels);
    const rows = rowsOf(table, labels, (index) => mature[index] === true);
    if (happenedIn(table, labels, rows) < MIN_HAPPENED) {
      later.push(null);
      continue;
    }
    const { model } = await fitRows(
      { ...question, labels },
      { columns, rows, scale, features, reference },
      question.efforts.later,
      run,
    );
    later.push(model);
  }
  progress('quarters', quarters.length, quarters.length);
  const [second = null, third = null, fourth = null] = later;
  return [second, third, fourth];
}
