import { isDeepStrictEqual } from 'node:util';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Fields = Record<string, Json>;

/** A change to one record, effective from `effectiveAt` (epoch ms). One per record and time. A null in the patch clears a field. */
export interface Statement {
  readonly effectiveAt: number;
  /** True for a PUT: earlier fields do not carry over. */
  readonly replaces: boolean;
  readonly patch: Fields;
  /** A repetition that this statement makes redundant. Storing this one deletes that one. */
  readonly instead?: Statement;
}

export interface StateShape {
  /** Fields that carry their own date. The newest statement holds for all time; readers compare the date with `asOf`. */
  readonly newest: readonly string[];
  /** Objects merged key by key (traits, consents). */
  readonly maps: readonly string[];
  /** A date implied by another field if no statement gives it: the start of the latest run of states with one of these values. */
  readonly impliedDate?: { readonly field: string; readonly by: string; readonly values: readonly string[] };
  /** For senders that repeat themselves: only the first and the last of a run of repetitions are kept. */
  readonly thinsRepeats?: boolean;
}

/** Half-open interval in epoch ms. The first one starts at -Infinity, the last one ends at Infinity. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly fields: Fields;
}

const NO_SHAPE: StateShape = { newest: [], maps: [] };

function isMap(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Marks a map in a patch that was cleared first. Senders cannot use this key, because keys are never empty. */
const CLEARED = '';

/** Applies `patch` to `base`. With `keepNulls` the result is a patch again, otherwise a state. */
function lay(base: Fields, patch: Fields, shape: StateShape, keepNulls: boolean): Fields {
  const result: Fields = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null && !keepNulls) delete result[key];
    else if (shape.maps.includes(key) && isMap(value)) {
      result[key] = layMap(result[key], value, keepNulls);
    } else result[key] = value;
  }
  return result;
}

function layMap(base: Json | undefined, patch: Fields, keepNulls: boolean): Fields {
  const before: Fields = base === null ? { [CLEARED]: null } : isMap(base) && !(CLEARED in patch) ? base : {};
  return lay(before, patch, NO_SHAPE, keepNulls);
}

function applied(state: Fields, statement: Statement, shape: StateShape): Fields {
  return lay(statement.replaces ? {} : state, statement.patch, shape, false);
}

/** The state at `at` (epoch ms) from statements up to then. */
export function stateAt(statements: readonly Statement[], at: number, shape: StateShape): Fields {
  let state: Fields = {};
  for (const statement of statements)
    if (statement.effectiveAt <= at) state = applied(state, statement, shape);
  return state;
}

/**
 * Folds statements, given in order of `effectiveAt`, into the intervals of one record. The result does not depend
 * on the order in which they arrived.
 */
export function fold(statements: readonly Statement[], shape: StateShape): Interval[] {
  const steps: { from: number; fields: Fields }[] = [];
  const dated = new Set(shape.newest);
  const lasting = (fields: Fields) => Object.entries(fields).filter(([key]) => !dated.has(key));
  const implied = shape.impliedDate;
  let state: Fields = {};
  let impliedAt: number | undefined;
  for (const statement of statements) {
    state = applied(state, statement, shape);
    if (implied !== undefined)
      impliedAt = implied.values.some((value) => value === state[implied.by])
        ? (impliedAt ?? statement.effectiveAt)
        : undefined;
    const fields = Object.fromEntries(lasting(state));
    const last = steps.at(-1);
    if (last === undefined || !isDeepStrictEqual(last.fields, fields))
      steps.push({ from: statement.effectiveAt, fields });
  }
  const newest = Object.fromEntries(Object.entries(state).filter(([key]) => dated.has(key)));
  if (implied !== undefined && impliedAt !== undefined)
    newest[implied.field] ??= new Date(impliedAt).toISOString();
  return steps.map((step, i) => ({
    from: i === 0 ? -Infinity : step.from,
    to: steps[i + 1]?.from ?? Infinity,
    fields: { ...step.fields, ...newest },
  }));
}

export interface Incoming {
  readonly effectiveAt?: number;
  /** When the record itself began (a subscription's `startedAt`), epoch ms. Its first state starts here. */
  readonly start?: number;
  readonly arrivedAt: number;
  readonly replaces: boolean;
  readonly fields: Fields;
}

export interface Stated {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly statements: Statement[];
  /** The statement that was added or altered; absent when unchanged. */
  readonly changed?: Statement;
}

/** Whether the statement at `index` changes nothing. A replacing statement also clears fields, so it never counts as a repetition. */
function isRepeat(statements: readonly Statement[], index: number, shape: StateShape): boolean {
  const statement = statements[index];
  if (statement === undefined || statement.replaces || index === 0) return false;
  const before = statements.slice(0, index).reduce<Fields>((base, next) => applied(base, next, shape), {});
  return isDeepStrictEqual(before, applied(before, statement, shape));
}

/**
 * Thins the run of repetitions around `added`, which was just added to `statements`. A repetition between two others is removed and
 * merged into the last one. Returns undefined if there is nothing to thin.
 */
function thinned(
  statements: readonly Statement[],
  added: Statement,
  shape: StateShape,
): { statements: Statement[]; changed?: Statement } | undefined {
  const index = statements.indexOf(added);
  const [before, after, second] = [statements[index - 1], statements[index + 1], statements[index + 2]];
  const without = (gone: Statement, by: Statement, instead?: Statement) => ({
    statements: statements.flatMap((one) => (one === gone ? [] : one === instead ? [by] : [one])),
    changed: by,
  });
  const joined = (first: Statement, last: Statement): Statement => ({
    ...last,
    patch: lay(first.patch, last.patch, shape, true),
  });
  const nextRepeats = after !== undefined && isRepeat(statements, index + 1, shape);
  if (!isRepeat(statements, index, shape)) {
    // The former first of a run is now a repetition itself.
    if (!nextRepeats || second === undefined || !isRepeat(statements, index + 2, shape)) return undefined;
    if (!isDeepStrictEqual(joined(after, second), second)) return undefined;
    return without(after, { ...added, instead: after }, added);
  }
  if (nextRepeats) {
    const last = joined(added, after);
    if (isDeepStrictEqual(last, after)) return { statements: statements.filter((one) => one !== added) };
    return without(added, last, after);
  }
  if (before === undefined || !isRepeat(statements, index - 1, shape)) return undefined;
  return without(before, { ...joined(before, added), instead: before }, added);
}

/**
 * Adds an incoming statement to a record's statements, which are in order of `effectiveAt`. A dated statement is kept even if it
 * repeats the state before it, because an earlier one may still arrive. An undated repetition is dropped.
 *
 * With `thinsRepeats`, only the first and the last of a run of dated repetitions are kept. The trade-off: a late statement in the
 * middle of such a run holds until the last one, not until the next repetition. States that all differ give the same result in
 * any order of arrival.
 */
export function state(existing: readonly Statement[], incoming: Incoming, shape: StateShape): Stated {
  const first = existing.length === 0;
  // The first state reaches back anyway. Dated by a start in the future, it would override statements made before that.
  const begun = first ? Math.min(incoming.start ?? Infinity, incoming.arrivedAt) : incoming.arrivedAt;
  const effectiveAt = incoming.effectiveAt ?? begun;
  const same = existing.find((statement) => statement.effectiveAt === effectiveAt);
  const changed: Statement =
    same === undefined || incoming.replaces
      ? { effectiveAt, replaces: incoming.replaces, patch: incoming.fields }
      : { ...same, patch: lay(same.patch, incoming.fields, shape, true) };
  const statements = [...existing.filter((statement) => statement !== same), changed].sort(
    (a, b) => a.effectiveAt - b.effectiveAt,
  );
  const repeats =
    same === undefined
      ? !first &&
        incoming.effectiveAt === undefined &&
        isDeepStrictEqual(stateAt(existing, effectiveAt, shape), stateAt(statements, effectiveAt, shape))
      : isDeepStrictEqual(same, changed);
  if (repeats) return { outcome: 'unchanged', statements: [...existing] };
  if (shape.thinsRepeats === true && same === undefined && !incoming.replaces) {
    const kept = thinned(statements, changed, shape);
    if (kept !== undefined) return { outcome: kept.changed ? 'updated' : 'unchanged', ...kept };
  }
  return { outcome: first ? 'created' : 'updated', statements, changed };
}
