import { randomFrom } from '../ebm/random.js';
import { probabilityOf } from '../logit.js';
import type { Scorecard } from '../scorecard.js';
import { validateScorecard } from '../validate-scorecard.js';
import { MeasureRowsOf, sharesOf, withPercents } from './measure-rows.js';
import type { PastRows } from './past-rows.js';
import { suggestWeights, type Suggestion } from './suggest-weights.js';

const LINE = [
  [0, 0],
  [100, 100],
] as const;
const CARD: Scorecard = {
  key: 'mine',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    { key: 'use', weight: 60, measures: [measure('logins', 2), measure('depth', 1)] },
    { key: 'money', weight: 40, measures: [measure('overdue', 1)] },
  ],
  caps: [],
};

function measure(feature: string, weight: number) {
  return { feature, weight, curve: LINE };
}

interface Made {
  rows?: number;
  /** Logits per ten points of health lost, by feature. */
  effects?: Partial<Record<'logins' | 'depth' | 'overdue', number>>;
  base?: number;
  unknown?: string[];
}

function past({ rows = 3_000, effects = {}, base = -2, unknown = [] }: Made): PastRows {
  const random = randomFrom(11);
  const names = ['logins', 'depth', 'overdue'] as const;
  const values = names.map(() => Float64Array.from({ length: rows }, () => 100 * random()));
  const left = Uint8Array.from({ length: rows }, (_, row) => {
    const logit = names.reduce(
      (sum, name, place) => sum + ((effects[name] ?? 0) * (50 - (values[place]?.[row] ?? 0))) / 10,
      base,
    );
    return random() < probabilityOf(logit) ? 1 : 0;
  });
  return {
    days: ['2024-06-30'],
    account: Int32Array.from(left.keys()),
    left,
    weight: new Float64Array(rows).fill(1),
    columns: names.map((name, place) => ({
      name,
      kind: 'numeric',
      values: unknown.includes(name) ? new Float64Array(rows).fill(NaN) : (values[place] ?? []),
    })),
    sampled: null,
  };
}

function suggested(made: Made): Suggestion {
  const rows = past(made);
  const measures = new MeasureRowsOf(rows, [{ card: CARD }], CARD.key);
  measures.add(rows.left.keys());
  return suggestWeights(CARD, rows, measures.done());
}

const weightsOf = ({ evidence }: Suggestion): Record<string, number> =>
  Object.fromEntries(evidence.map(({ feature, to }) => [feature, to]));

describe(suggestWeights.name, () => {
  it('finds the predictive measure among noise', () => {
    const made = suggested({ effects: { overdue: 0.8 } });
    expect(weightsOf(made)['overdue']).toBeGreaterThan(80);
    const { meanLeft, meanStayed, from, se } = made.evidence[2] ?? {};
    expect(from).toBeCloseTo(40, 10);
    expect(meanLeft ?? 0).toBeLessThan((meanStayed ?? 0) - 10);
    expect(se).toBeGreaterThan(0);
    expect(se).toBeLessThan(20);
  });

  it('gives whole percents that add up to 100, with dimensions as sums, in a valid card', () => {
    const { card, evidence } = suggested({ effects: { logins: 0.3, depth: 0.2, overdue: 0.1 } });
    expect(evidence.reduce((sum, { to }) => sum + to, 0)).toBe(100);
    expect(evidence.every(({ to }) => Number.isInteger(to))).toBe(true);
    for (const { weight, measures } of card.dimensions) {
      expect(weight).toBe(measures.reduce((sum, one) => sum + one.weight, 0));
    }
    const known = { features: new Set(['logins', 'depth', 'overdue']), tiers: new Set<string>() };
    expect(validateScorecard(card, known)).toEqual([]);
    expect(card.dimensions[0]?.measures[0]?.curve).toEqual(LINE);
  });

  it.each([-2, -50])('shows tenths of a percent at a mean logit of %d', (base) => {
    const { evidence } = suggested({ base, effects: { depth: 0.2 } });
    const told = evidence.flatMap(({ from, to, se, meanLeft }) => [from, to, se ?? 0, meanLeft ?? 0]);
    for (const value of told) expect(value).toBe(Number(value.toFixed(1)));
  });

  it('leaves the card unchanged without any churn', () => {
    const { card, evidence } = suggested({ base: -50 });
    expect(card).toBe(CARD);
    evidence.forEach(({ from, to, se }) => expect({ to, se }).toEqual({ to: from, se: null }));
  });

  it('moves little with few churns and far with many', () => {
    const shift = (rows: number): number =>
      (weightsOf(suggested({ rows, base: -4, effects: { overdue: 0.5 } }))['overdue'] ?? 0) - 40;
    expect(shift(150)).toBeLessThan(shift(8_000) - 10);
  });

  it('gives no negative weights: an inverted measure is dropped', () => {
    const made = suggested({ effects: { logins: 0.5, overdue: -0.8 } });
    expect(weightsOf(made)).toMatchObject({ overdue: 0 });
    expect(made.card.dimensions.map(({ key }) => key)).toEqual(['use']);
  });

  it('keeps the weight of a measure without past values', () => {
    const made = suggested({ effects: { logins: 0.8 }, unknown: ['overdue'] });
    expect(weightsOf(made)['overdue']).toBe(40);
    expect(made.evidence[2]).toMatchObject({ churned: 0, se: null, meanLeft: null });
    expect(weightsOf(made)['logins']).toBeGreaterThan(50);
  });

  it('hardly changes a card with the right weights', () => {
    const shares = { logins: 0.4, depth: 0.2, overdue: 0.4 };
    const made = suggested({ rows: 8_000, effects: shares });
    for (const { from, to } of made.evidence) expect(Math.abs(to - from)).toBeLessThan(4);
  });
});

describe(sharesOf.name, () => {
  it('gives each measure its share of the total', () =>
    expect(sharesOf(CARD).map((share) => Math.round(1_000 * share))).toEqual([400, 200, 400]));
});

describe(withPercents.name, () => {
  it('is null for a card without measures', () => expect(withPercents(CARD, [0, 0, 0])).toBeNull());
});
