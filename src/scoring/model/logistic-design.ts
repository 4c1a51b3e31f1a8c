import type { RawColumn } from './ebm/columns.js';

/** Values of a category that have a column of their own, the most frequent; the rest count as its first. */
const MAX_LEVELS = 100;

/** How traits are read into the numbers of a logistic regression; learned from the training rows. */
export interface DesignPlan {
  readonly columns: readonly PlannedColumn[];
  /** Of the columns of the design, in their order. */
  readonly names: readonly string[];
}

type PlannedColumn =
  | {
      readonly name: string;
      readonly kind: 'numeric';
      readonly mean: number;
      /** Of the population; 1 where there is none. */
      readonly sd: number;
      readonly missing: boolean;
    }
  | {
      readonly name: string;
      readonly kind: 'category';
      /** Those with a column: sorted, without the first. */
      readonly levels: readonly string[];
      readonly missing: boolean;
    };

export function planDesign(columns: readonly RawColumn[]): DesignPlan {
  const planned = columns.map(planColumn);
  return { columns: planned, names: planned.flatMap(namesOf) };
}

/**
 * Row by row: numbers standardised, what is missing at their mean; a 1 for the value of a category; a 1 for what is missing where the
 * training had such rows. A RangeError when `columns` are not those of the plan, in its order.
 */
export function designOf(
  plan: DesignPlan,
  columns: readonly RawColumn[],
): { design: Float64Array; features: number } {
  const features = plan.names.length;
  const rows = columns[0]?.values.length ?? 0;
  const design = new Float64Array(rows * features);
  let place = 0;
  plan.columns.forEach((planned, at) => {
    const column = columns[at];
    if (column?.name !== planned.name || column.kind !== planned.kind) {
      throw new RangeError(`the column '${planned.name}' of the training is not in its place`);
    }
    fill(design, features, place, planned, column);
    place += namesOf(planned).length;
  });
  return { design, features };
}

function planColumn(column: RawColumn): PlannedColumn {
  return column.kind === 'numeric'
    ? planNumber(column.name, Float64Array.from(column.values))
    : planCategory(column.name, Array.from(column.values));
}

function planNumber(name: string, values: Float64Array): PlannedColumn {
  const known = values.filter(Number.isFinite);
  const mean = known.length > 0 ? known.reduce((sum, value) => sum + value / known.length, 0) : 0;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2 / known.length, 0);
  const sd = variance > 0 ? Math.sqrt(variance) : 1;
  return { name, kind: 'numeric', mean, sd, missing: known.length < values.length };
}

function planCategory(name: string, values: (string | null)[]): PlannedColumn {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [, ...levels] = [...counts.keys()].sort();
  const frequent = levels.sort((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
  return {
    name,
    kind: 'category',
    levels: frequent.slice(0, MAX_LEVELS).sort(),
    missing: values.includes(null),
  };
}

function namesOf(planned: PlannedColumn): string[] {
  const { name } = planned;
  const own = planned.kind === 'numeric' ? [name] : planned.levels.map((level) => `${name}_${level}`);
  return planned.missing ? [...own, `${name} missing`] : own;
}

function fill(
  design: Float64Array,
  features: number,
  place: number,
  planned: PlannedColumn,
  column: RawColumn,
): void {
  const levels = planned.kind === 'category' ? planned.levels : [];
  const places = new Map(levels.map((level, at) => [level, at]));
  const whereMissing = planned.kind === 'category' ? levels.length : 1;
  for (let row = 0; row < column.values.length; row++) {
    const value = column.values[row] ?? null;
    const start = row * features + place;
    if (value === null || (typeof value === 'number' && !Number.isFinite(value))) {
      if (planned.missing) design[start + whereMissing] = 1;
    } else if (planned.kind === 'numeric') {
      design[start] = (Number(value) - planned.mean) / planned.sd;
    } else {
      const at = places.get(String(value));
      if (at !== undefined) design[start + at] = 1;
    }
  }
}
