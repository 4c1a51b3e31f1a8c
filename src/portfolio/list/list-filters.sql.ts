import { STATUSES } from '../../scoring/features/account-features.js';
import {
  FILTERABLE_FIELDS,
  type FilterableField,
  scoreField,
  type ScoreFieldKey,
} from '../../scoring/scores/score-fields.js';
import type { AccountsQueryDto } from './accounts-query.dto.js';
import { NONE } from './filter-values.js';

export type FieldFilters = Pick<AccountsQueryDto, FilterableField>;
export type ListFilters = FieldFilters & Pick<AccountsQueryDto, 'renewsWithin' | 'q'>;

const CHURNED = STATUSES.indexOf('churned');

export type ScoreSource = 'today' | 'past';
const valueOf = (key: ScoreFieldKey, source: ScoreSource): string => scoreField(key)[source] ?? 'NULL';
export const orderOf = (key: ScoreFieldKey, source: ScoreSource): string =>
  scoreField(key).order?.[source] ?? valueOf(key, source);

/** A lookup per row by key: a join might be computed for all accounts. */
export const ofAccount = (expression: string): string =>
  `(SELECT ${expression} FROM account a WHERE a.account_id = c.account_id)`;
/** Collects the parameters of a composed statement. */
export class Values {
  readonly all: unknown[] = [];

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    return `$${this.all.push(value)}`;
  }
}

/** Churned accounts are included only on request. Renewals count from `day`. */
export function conditions(filters: ListFilters, day: string, source: ScoreSource, values: Values): string {
  const found = fieldConditions(filters, source, values);
  if (filters.status === undefined) found.push(`${valueOf('status', source)} <> ${CHURNED}`);
  const { renewsWithin, q } = filters;
  if (renewsWithin !== undefined) {
    const from = `${values.add(day)}::date`;
    found.push(
      `${valueOf('renewsAt', source)} BETWEEN ${from} AND ${from} + ${values.add(renewsWithin)}::int`,
    );
  }
  if (q !== undefined) {
    const name = `strpos(${valueOf('name', source)}, ${values.add(q.toLowerCase())}::text)`;
    const id = source === 'today' ? ofAccount('a.id') : valueOf('id', source);
    found.push(`(${name} > 0 OR strpos(lower(${id}), lower(${values.add(q)}::text)) > 0)`);
  }
  return found.join(' AND ');
}

export function fieldConditions(filters: FieldFilters, source: ScoreSource, values: Values): string[] {
  return FILTERABLE_FIELDS.flatMap((key) => {
    const requested = filters[key];
    return requested === undefined ? [] : [condition(key, requested, source, values)];
  });
}

/** Matches one of the values, or no value if `none` is among them. */
function condition(
  key: FilterableField,
  requested: readonly string[],
  source: ScoreSource,
  values: Values,
): string {
  const { codes } = scoreField(key);
  const column = valueOf(key, source);
  const named = [...new Set(requested)].filter((value) => value !== NONE);
  const stored = codes === undefined ? named : named.map((value) => codes.indexOf(value));
  const equal = stored.map((value) => `${column} = ${values.add(value)}`);
  const any = requested.includes(NONE) ? [...equal, `${column} IS NULL`] : equal;
  return any.length === 1 ? any.join() : `(${any.join(' OR ')})`;
}
