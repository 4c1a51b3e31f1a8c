import type { BacktestReport } from './backtest-report.js';
import type { TrainingReport } from './report.js';
import type { ModelKey } from './trained.js';
import type { WindowFigures } from './window-figures.js';

/** Minimum AUC for each name; judgment calls. */
const GOOD = 0.8;
const FAIR = 0.7;
const POOR = 0.55;
/** Observed ÷ expected within which the level counts as accurate; judgment calls. */
const MIN_ACCURATE = 0.8;
const MAX_ACCURATE = 1.25;

/** A summary for people of the model that a training leaves in use. */
export interface Verdict {
  /** How well it ranks accounts by risk; `none`: not tested, or no better than chance. */
  readonly ranking: 'good' | 'fair' | 'poor' | 'none';
  /** The predicted number of outcomes against the actual one; null if not tested. */
  readonly level: 'accurate' | 'too low' | 'too high' | null;
  readonly text: string;
}

const WORDS: Record<ModelKey, { readonly does: string; readonly did: string }> = {
  churn: { does: 'churns', did: 'churned' },
  contraction: { does: 'contracts', did: 'contracted' },
  expansion: { does: 'expands', did: 'expanded' },
};

/** Reads the pooled figures of whichever is in use: the fitted model or the judgment. */
export function verdictOn(
  key: ModelKey,
  { backtest, decision }: Pick<TrainingReport, 'backtest' | 'decision'>,
): Verdict {
  const { does, did } = WORDS[key];
  if (!backtest) return { ranking: 'none', level: null, text: 'Not tested yet: too little history.' };
  const figures = backtest.pooled[decision.basis === 'fitted' ? 'fitted' : 'judgement'];
  const ranking = rankingOf(figures);
  const level = levelOf(figures);
  return { ranking, level, text: `${rankingText(figures, does)}; ${levelText(figures, backtest, did)}.` };
}

function rankingOf({ auc }: WindowFigures): Verdict['ranking'] {
  if (auc === null || auc < POOR) return 'none';
  if (auc < FAIR) return 'poor';
  return auc < GOOD ? 'fair' : 'good';
}

function levelOf({ observedToExpected: ratio }: WindowFigures): Verdict['level'] {
  if (ratio === null) return null;
  if (ratio > MAX_ACCURATE) return 'too low';
  return ratio < MIN_ACCURATE ? 'too high' : 'accurate';
}

const NAMES = { good: 'Good', fair: 'Fair', poor: 'Poor' } as const;

function rankingText(figures: WindowFigures, does: string): string {
  const ranking = rankingOf(figures);
  if (ranking === 'none' || figures.auc === null) return 'No better than chance at ranking accounts';
  const cases = Math.round(100 * figures.auc);
  return `${NAMES[ranking]} ranking: AUC ${figures.auc.toFixed(2)} (picks the account that ${does} in ${cases} of 100 pairs)`;
}

function levelText(
  { happened, observedToExpected: ratio }: WindowFigures,
  { windows }: BacktestReport,
  did: string,
): string {
  if (ratio === null) return 'predicted number not tested';
  const predicted = ratio > 0 ? Math.round(happened / ratio) : 'some';
  const days = windows.length === 1 ? '1 test day' : `${windows.length} test days`;
  return `${happened} ${did}, ${predicted} predicted, over ${days}`;
}
