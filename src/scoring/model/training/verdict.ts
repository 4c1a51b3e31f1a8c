import type { BacktestReport } from './backtest-report.js';
import type { TrainingReport } from './report.js';
import type { ModelKey } from './trained.js';
import type { WindowFigures } from './window-figures.js';

/** Areas under the curve from which a ranking is called so; judgements. */
const GOOD = 0.8;
const FAIR = 0.7;
const POOR = 0.55;
/** Observed ÷ expected between which a level is called right; judgements. */
const LEAST_RIGHT = 0.8;
const MOST_RIGHT = 1.25;

/** What a report says of the model that is in use after it, for people. */
export interface Verdict {
  /** How well accounts are put in order; `none`: not tested, or no better than chance. */
  readonly ranking: 'good' | 'fair' | 'poor' | 'none';
  /** Whether as many were foretold as came; null: not tested. */
  readonly level: 'right' | 'tells too little' | 'tells too much' | null;
  readonly text: string;
}

const WORDS: Record<ModelKey, { readonly who: string; readonly did: string }> = {
  churn: { who: 'who leaves', did: 'left' },
  contraction: { who: 'who will pay less', did: 'paid less' },
  expansion: { who: 'who will pay more', did: 'paid more' },
};

/** By the pooled figures of what is in use: of the fitted model or of the judgement, as the decision says. */
export function verdictOn(
  key: ModelKey,
  { backtest, decision }: Pick<TrainingReport, 'backtest' | 'decision'>,
): Verdict {
  const { who, did } = WORDS[key];
  if (!backtest) return { ranking: 'none', level: null, text: `Not tested how well it tells ${who}.` };
  const figures = backtest.pooled[decision.basis === 'fitted' ? 'fitted' : 'judgement'];
  const ranking = rankingOf(figures);
  const level = levelOf(figures);
  return { ranking, level, text: `${rankingText(figures, who)}; ${levelText(figures, backtest, did)}.` };
}

function rankingOf({ auc }: WindowFigures): Verdict['ranking'] {
  if (auc === null || auc < POOR) return 'none';
  if (auc < FAIR) return 'poor';
  return auc < GOOD ? 'fair' : 'good';
}

function levelOf({ observedToExpected: ratio }: WindowFigures): Verdict['level'] {
  if (ratio === null) return null;
  if (ratio > MOST_RIGHT) return 'tells too little';
  return ratio < LEAST_RIGHT ? 'tells too much' : 'right';
}

const HOW = { good: 'Tells well', fair: 'Tells fairly well', poor: 'Tells poorly' } as const;

function rankingText(figures: WindowFigures, who: string): string {
  const ranking = rankingOf(figures);
  if (ranking === 'none' || figures.auc === null) return `Does not tell ${who}`;
  const cases = Math.round(100 * figures.auc);
  return `${HOW[ranking]} ${who}: of two accounts it had the right one ahead in ${cases} of 100 cases`;
}

function levelText(
  { happened, observedToExpected: ratio }: WindowFigures,
  { windows }: BacktestReport,
  did: string,
): string {
  const when = `on ${windows.length === 1 ? 'the day' : `the ${windows.length} days`} that it had not seen`;
  if (ratio === null) return `how many it foretells was not tested`;
  return `${happened} ${did} where it had foretold ${ratio > 0 ? Math.round(happened / ratio) : 'some'}, ${when}`;
}
