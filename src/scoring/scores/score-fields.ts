import { joinAccountState } from '../../accounts/states/as-of.sql.js';
import { STATUSES } from '../features/account-features.js';
import { BANDS } from '../model/scorecard.js';
import { RISK_SCALE } from './packed-score.js';

/** How a stored number is displayed: divided by `scale`, in this unit. */
export type ScoreUnit = 'text' | 'date' | 'money' | 'points' | 'probability' | 'share';

export interface ScoreField {
  /** Display name, as a column heading. */
  readonly label: string;
  readonly unit: ScoreUnit;
  /** PostgreSQL's type of the stored value. */
  readonly type: 'text' | 'date' | 'smallint' | 'bigint';
  /** The stored value is divided by this for display. */
  readonly scale: number;
  /** Stored as the index in this list, to which values may only be appended. */
  readonly codes?: readonly string[];
  /** SQL for the newest score; null for fields only in `account_score`. */
  readonly today: string | null;
  /** SQL for a past day's score. */
  readonly past: string;
  /** SQL to sort by, if not the value itself. */
  readonly order?: { readonly today: string; readonly past: string };
  readonly sortable: boolean;
  /** Can be filtered by values, or by having none. */
  readonly filterable: boolean;
  readonly groupable: boolean;
}

/** Larger than any amount: sorted by expected loss, accounts that have given notice come first, by MRR. */
export const LEAVING_FIRST = 2 ** 52;

const CHURN_HORIZON = '90 days';
const LEAVING = STATUSES.indexOf('leaving');
const UNKNOWN = BANDS.indexOf('unknown');
const PLAIN = { sortable: false, filterable: false, groupable: false } as const;
const SORTED = { ...PLAIN, sortable: true } as const;
const GROUPED = { ...PLAIN, filterable: true, groupable: true } as const;
const TEXT = { unit: 'text', type: 'text', scale: 1 } as const;
const MONEY = { unit: 'money', type: 'bigint', scale: 1 } as const;
const POINTS = { unit: 'points', type: 'smallint', scale: 100 } as const;
const PROBABILITY = { unit: 'probability', type: 'smallint', scale: RISK_SCALE } as const;

/** The same column of both tables. */
const column = (name: string) => ({ today: `c.${name}`, past: `s.${name}` });
const onlyPast = (name: string) => ({ today: null, past: `s.${name}` });

/**
 * Every field of a stored score, declared once. The SQL for today reads `TODAY_SCORES`; that for a past day reads
 * `pastScores(day)`, which has `account_score s`, `account a`, `account_state state` and `before`, the score of 30 days
 * earlier.
 */
export const SCORE_FIELDS = {
  id: { label: 'Account', ...TEXT, today: 'a.id', past: 'a.id', ...PLAIN },
  name: {
    label: 'Name',
    ...TEXT,
    today: 'c.name',
    // Like `toLowerCase` in today's list: the database's locale may support only ASCII.
    past: 'lower(state.name COLLATE "und-x-icu") COLLATE "C"',
    ...SORTED,
  },
  csm: { label: 'CSM', ...TEXT, today: 'c.csm', past: 'state.csm', ...GROUPED },
  tier: { label: 'Tier', ...TEXT, ...column('tier'), ...GROUPED },
  stage: { label: 'Stage', ...TEXT, ...column('stage'), ...GROUPED },
  status: {
    label: 'Status',
    ...TEXT,
    type: 'smallint',
    codes: STATUSES,
    ...column('status'),
    ...GROUPED,
  },
  band: { label: 'Health band', ...TEXT, type: 'smallint', codes: BANDS, ...column('band'), ...GROUPED },
  health: {
    label: 'Health',
    ...POINTS,
    ...column('health'),
    // Too little is known about an `unknown` account to rank it below another.
    order: { today: 'c.health', past: `CASE WHEN s.band <> ${UNKNOWN} THEN s.health END` },
    ...SORTED,
  },
  healthChange30d: {
    label: 'Health change, 30 days',
    ...POINTS,
    today: 'c.health_change30d',
    past: 's.health - before.health',
    ...SORTED,
  },
  confidence: {
    label: 'Confidence',
    unit: 'share',
    type: 'smallint',
    scale: 10_000,
    ...onlyPast('confidence'),
    ...PLAIN,
  },
  churnRisk: { label: `Churn risk, ${CHURN_HORIZON}`, ...PROBABILITY, ...column('churn_risk'), ...SORTED },
  churnRiskLow: { label: 'Churn risk, low', ...PROBABILITY, ...onlyPast('churn_risk_low'), ...PLAIN },
  churnRiskHigh: { label: 'Churn risk, high', ...PROBABILITY, ...onlyPast('churn_risk_high'), ...PLAIN },
  churnRisk12m: {
    label: 'Churn risk, 12 months',
    ...PROBABILITY,
    ...onlyPast('churn_risk12m'),
    ...PLAIN,
  },
  mrr: { label: 'MRR', ...MONEY, ...column('mrr'), ...SORTED },
  expectedLoss: {
    label: 'Expected loss',
    ...MONEY,
    ...column('expected_loss'),
    order: {
      today: 'c.urgency',
      past: `CASE WHEN s.status = ${LEAVING} AND s.expected_loss IS DISTINCT FROM 0
        THEN ${LEAVING_FIRST} + coalesce(s.expected_loss, 0) ELSE s.expected_loss END`,
    },
    ...SORTED,
  },
  ltv: { label: 'Lifetime value', ...MONEY, ...column('ltv'), ...SORTED },
  ltvLow: { label: 'Lifetime value, low', ...MONEY, ...onlyPast('ltv_low'), ...PLAIN },
  ltvHigh: { label: 'Lifetime value, high', ...MONEY, ...onlyPast('ltv_high'), ...PLAIN },
  contraction: {
    label: `Contraction risk, ${CHURN_HORIZON}`,
    ...PROBABILITY,
    ...onlyPast('contraction'),
    ...PLAIN,
  },
  expansion: {
    label: `Expansion propensity, ${CHURN_HORIZON}`,
    ...PROBABILITY,
    ...column('expansion'),
    ...SORTED,
  },
  renewsAt: { label: 'Renewal', unit: 'date', type: 'date', scale: 1, ...column('renews_at'), ...SORTED },
} as const satisfies Record<string, ScoreField>;

export type ScoreFieldKey = keyof typeof SCORE_FIELDS;
export type SortableField = {
  [K in ScoreFieldKey]: (typeof SCORE_FIELDS)[K]['sortable'] extends true ? K : never;
}[ScoreFieldKey];
export type FilterableField = {
  [K in ScoreFieldKey]: (typeof SCORE_FIELDS)[K]['filterable'] extends true ? K : never;
}[ScoreFieldKey];

export const scoreField = (key: ScoreFieldKey): ScoreField => SCORE_FIELDS[key];

const keysOf = (is: 'sortable' | 'filterable'): ScoreFieldKey[] =>
  (Object.keys(SCORE_FIELDS) as ScoreFieldKey[]).filter((key) => SCORE_FIELDS[key][is]);
/** The first one is the most common. */
export const SORTABLE_FIELDS = keysOf('sortable') as SortableField[];
export const FILTERABLE_FIELDS = keysOf('filterable') as FilterableField[];

/** FROM and WHERE of the newest scores, without accounts merged since. */
export const TODAY_SCORES = 'account_now c JOIN account a USING (account_id) WHERE a.merged_into IS NULL';

/** FROM and WHERE of the scores of the UTC day given by the SQL `day`, without accounts merged since. */
export const pastScores = (day: string): string => `account_score s JOIN account a USING (account_id)
  ${joinAccountState('a', `(${day} + 1)`, 'state')}
  LEFT JOIN LATERAL (SELECT health FROM account_score b WHERE b.account_id = s.account_id
    AND b.as_of <= ${day} - 30 AND b.as_of >= ${day} - 37 ORDER BY b.as_of DESC LIMIT 1) AS before ON true
  WHERE s.as_of = ${day} AND a.merged_into IS NULL`;
