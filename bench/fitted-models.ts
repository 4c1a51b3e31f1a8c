import type { Client } from 'pg';
import type { Layout } from '../src/scoring/features/layouts.repository.js';
import { DEFAULT_CARDS } from '../src/scoring/model/default-cards.js';
import type { RawColumn } from '../src/scoring/model/ebm/columns.js';
import { fitEbm } from '../src/scoring/model/ebm/fit.js';
import type { EbmModel } from '../src/scoring/model/ebm/model.js';
import { randomFrom } from '../src/scoring/model/ebm/random.js';
import { probabilityOf } from '../src/scoring/model/logit.js';
import type { FittedChurn, FittedPropensity } from '../src/scoring/model/training/trained.js';

const ROWS = 10_000;
const TAIL = { alpha: 0.8, beta: 20, power: 1 };

/** Fits full-size models to the features of the scored accounts with random outcomes, and puts them in use. */
export async function useFittedModels(db: Client): Promise<void> {
  const columns = await columnsOf(db);
  const calibration = { shift: 0, slope: 1, centre: 0 };
  const fit = (seed: number, bags: number, like?: EbmModel) =>
    fitEbm(
      { columns, labels: drawn(columns, seed) },
      { seed, bags, ...(like && { features: like.features }) },
    );
  const ebm = await fit(1, 14);
  const churn: FittedChurn = {
    basis: 'fitted',
    prior: { basis: 'prior', kappa: 0.35, base: 0, means: {}, churned: 1_000, windows: ROWS },
    cards: [...DEFAULT_CARDS],
    ebm,
    calibration,
    later: [await fit(2, 4, ebm), await fit(3, 4, ebm), await fit(4, 4, ebm)],
    tail: { expected: TAIL, worst: TAIL, best: TAIL },
  };
  const propensity: FittedPropensity = { basis: 'fitted', scale: 1, ebm: await fit(5, 14), calibration };
  for (const [key, definition] of Object.entries({
    churn,
    contraction: propensity,
    expansion: propensity,
  })) {
    await db.query(
      `INSERT INTO model_version (key, version, basis, as_of, definition, report, taken)
       SELECT $1, coalesce(max(version), 0) + 1, 'fitted', now(), $2, '{}', true FROM model_version WHERE key = $1`,
      [key, JSON.stringify(definition)],
    );
  }
}

async function columnsOf(db: Client): Promise<RawColumn[]> {
  const { rows } = await db.query<{ features: (number | null)[]; definition: Layout }>(
    `SELECT features, definition FROM account_score JOIN feature_layout USING (layout_id) ORDER BY account_id LIMIT $1`,
    [ROWS],
  );
  const layout = rows[0]?.definition ?? [];
  return layout.map(({ key, decimals }, index) => ({
    name: key,
    kind: 'numeric',
    values: rows.map(({ features }) => (features[index] ?? NaN) / 10 ** decimals),
  }));
}

/** About a tenth are positive, depending on a few of the columns. */
function drawn(columns: readonly RawColumn[], seed: number): number[] {
  const random = randomFrom(seed);
  const terms = columns.map(({ values }) => ({ values, weight: random() < 0.2 ? 2 * random() - 1 : 0 }));
  return Array.from({ length: columns[0]?.values.length ?? 0 }, (_, row) => {
    const sum = terms.reduce((all, { values, weight }) => {
      const value = Number(values[row]);
      return all + (Number.isFinite(value) ? weight * Math.tanh(value / 10) : 0);
    }, -2.5);
    return random() < probabilityOf(sum) ? 1 : 0;
  });
}
