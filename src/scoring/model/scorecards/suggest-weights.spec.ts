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
  it('finds the measure that matters among those that do not', () => {
    const made = suggested({ effects: { overdue: 0.8 } });
    expect(weightsOf(made)['overdue']).toBeGreaterThan(80);
    const { meanLeft, meanStayed, from, se } = made.evidence[2] ?? {};
    expect(from).toBeCloseTo(40, 10);
    expect(meanLeft ?? 0).toBeLessThan((meanStayed ?? 0) - 10);
    expect(se).toBeGreaterThan(0);
    expect(se).toBeLessThan(20);
  });

  it('adds up to 100 whole percents, dimensions being sums, and is a card that can be put', () => {
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

  it.each([-2, -50])('tells tenths of a percent where the mean logit is %d', (base) => {
    const { evidence } = suggested({ base, effects: { depth: 0.2 } });
    const told = evidence.flatMap(({ from, to, se, meanLeft }) => [from, to, se ?? 0, meanLeft ?? 0]);
    for (const value of told) expect(value).toBe(Number(value.toFixed(1)));
  });

  it('leaves the card as it is when nobody left', () => {
    const { card, evidence } = suggested({ base: -50 });
    expect(card).toBe(CARD);
    evidence.forEach(({ from, to, se }) => expect({ to, se }).toEqual({ to: from, se: null }));
  });

  it('moves little for few who left and far for many', () => {
    const shift = (rows: number): number =>
      (weightsOf(suggested({ rows, base: -4, effects: { overdue: 0.5 } }))['overdue'] ?? 0) - 40;
    expect(shift(150)).toBeLessThan(shift(8_000) - 10);
  });

  it('gives none below 0: what reads the wrong way round is left out', () => {
    const made = suggested({ effects: { logins: 0.5, overdue: -0.8 } });
    expect(weightsOf(made)).toMatchObject({ overdue: 0 });
    expect(made.card.dimensions.map(({ key }) => key)).toEqual(['use']);
  });

  it('lets a measure that the past does not know keep its weight', () => {
    const made = suggested({ effects: { logins: 0.8 }, unknown: ['overdue'] });
    expect(weightsOf(made)['overdue']).toBe(40);
    expect(made.evidence[2]).toMatchObject({ churned: 0, se: null, meanLeft: null });
    expect(weightsOf(made)['logins']).toBeGreaterThan(50);
  });

  it('has nothing against a card whose weights are right', () => {
    const shares = { logins: 0.4, depth: 0.2, overdue: 0.4 };
    const made = suggested({ rows: 8_000, effects: shares });
    for (const { from, to } of made.evidence) expect(Math.abs(to - from)).toBeLessThan(4);
  });
});

describe(sharesOf.name, () => {
  it('gives each measure its part of the whole', () =>
    expect(sharesOf(CARD).map((share) => Math.round(1_000 * share))).toEqual([400, 200, 400]));
});

describe(withPercents.name, () => {
  it('has no card without measures', () => expect(withPercents(CARD, [0, 0, 0])).toBeNull());
});
