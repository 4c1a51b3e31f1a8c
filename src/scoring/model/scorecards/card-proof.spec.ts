import { randomFrom } from '../ebm/random.js';
import type { Scorecard } from '../scorecard.js';
import { proveCards } from './card-proof.js';
import { PastHealth } from './past-health.js';
import type { PastRows } from './past-rows.js';
import { noProofText, proofText } from './proof-text.js';

const card = (feature: string, caps: Scorecard['caps'] = []): Scorecard => ({
  key: 'mine',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    {
      key: 'all',
      weight: 1,
      measures: [
        {
          feature,
          weight: 1,
          curve: [
            [0, 0],
            [100, 100],
          ],
        },
      ],
    },
  ],
  caps,
});

/** Who left had a low `good`, whatever the `blind`. */
function past(rows: number, share = 0.2): PastRows {
  const random = randomFrom(5);
  const left = Uint8Array.from({ length: rows }, () => (random() < share ? 1 : 0));
  return {
    days: ['2024-03-31', '2024-06-30'],
    account: Int32Array.from(left, (_, row) => row >> 1),
    left,
    weight: new Float64Array(rows).fill(1),
    columns: [
      {
        name: 'good',
        kind: 'numeric',
        values: Float64Array.from(left, (one) => 60 * random() + 40 * (1 - one)),
      },
      { name: 'blind', kind: 'numeric', values: Float64Array.from(left, () => 100 * random()) },
      { name: 'never', kind: 'numeric', values: new Float64Array(rows).fill(NaN) },
    ],
    sampled: null,
  };
}

function healthBy(rows: PastRows, by: Scorecard): PastHealth {
  const health = new PastHealth(rows);
  health.fill([{ card: by }], rows.left.keys());
  return health;
}

describe(proveCards.name, () => {
  const rows = past(1_000);
  const prove = (before: Scorecard, after: Scorecard) =>
    proveCards(rows, healthBy(rows, before), healthBy(rows, after));

  it('distinguishes a card that predicts churn from one that does not', () => {
    const proof = prove(card('blind'), card('good'));
    expect(proof?.before.auc).toBeCloseTo(0.5, 1);
    expect(proof?.after.auc).toBeGreaterThan(0.8);
    expect(proof?.difference.auc).toBeCloseTo((proof?.after.auc ?? 0) - (proof?.before.auc ?? 0), 12);
    expect(proof?.difference.auc).toBeGreaterThan(4 * (proof?.difference.se ?? Infinity));
    expect(proof?.after.liftAt10).toBeGreaterThan(2);
    expect(proof && proofText(proof)).toMatch(
      /^At 2 month-ends from 2024-03-31, \d+ of 1000 accounts churned .* Better ranking/,
    );
  });

  it('finds no difference between a card and itself', () =>
    expect(prove(card('good'), card('good'))?.difference).toEqual({ auc: 0, se: 0 }));

  it('gives the churn by band and by ten points, counting every row once', () => {
    const proof = prove(card('blind'), card('good'));
    const { bands, tens } = proof?.after ?? {};
    const counts = Object.values(bands ?? {});
    for (const parts of [counts, tens ?? []]) {
      expect(parts.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(1_000);
      expect(parts.reduce((sum, { left }) => sum + left, 0)).toBe(proof?.left);
    }
    expect(bands?.red.churnRate).toBeGreaterThan(bands?.green.churnRate ?? 1);
    expect(bands?.unknown).toEqual({ accounts: 0, left: 0, churnRate: null });
    expect(tens?.map(({ from }) => from)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  });

  it('uses the displayed health, with caps', () => {
    const capped = card('good', [
      { key: 'low', limit: 10, when: [{ feature: 'blind', atLeast: 0 }], text: 'always' },
    ]);
    expect(prove(card('good'), capped)?.after.bands.red.accounts).toBe(1_000);
  });

  it('treats unknown health as neither good nor bad', () => {
    const proof = prove(card('good'), card('never'));
    expect(proof?.after).toMatchObject({ auc: 0.5, unscored: 1_000 });
    expect(proof?.after.bands.unknown.accounts).toBe(1_000);
    expect(proof && proofText(proof)).toContain('Worse ranking');
  });

  it('is null with a reason while no account has churned', () => {
    const loyal = past(50, 0);
    expect(proveCards(loyal, healthBy(loyal, card('good')), healthBy(loyal, card('blind')))).toBeNull();
    expect(noProofText(loyal)).toContain('No account churned within 90 days after any of 2 month-ends');
    expect(noProofText({ days: [], left: new Uint8Array() })).toContain('old enough');
  });

  it('does not judge a small sample', () => {
    const few = past(100, 0.04);
    const proof = proveCards(few, healthBy(few, card('blind')), healthBy(few, card('good')));
    expect(proof?.left).toBeLessThan(10);
    expect(proof && proofText(proof)).toContain('too few');
  });
});
