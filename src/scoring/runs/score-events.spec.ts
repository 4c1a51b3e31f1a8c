import { changesOf } from './score-events.js';

const same = { band: 0, status: 1, signals: [] };

const changes = (risk: number, before: number | null = 2_999, riskAlert = 0.3) => {
  const now = { ...same, health: 8_000, churn_risk: risk };
  const scored = {
    accountId: 7,
    id: 'A-7',
    asOf: '2024-12-31',
    now,
    before: { ...same, churn_risk: before },
  };
  return changesOf({ ...scored, riskAlert });
};

describe(changesOf.name, () => {
  it.each([
    ['reaches the alert exactly', 3_000, 2_999, true],
    ['stays just below it', 2_999, 2_000, false],
    ['goes beyond it', 3_001, 2_999, true],
    ['was there already', 4_000, 3_000, false],
    ['was not predicted before', 3_000, null, true],
  ])('emits events for a risk that %s: %s', (_, now, before, told) => {
    const raised = {
      topic: 'account.risk_raised',
      accountId: 7,
      payload: { accountId: 'A-7', asOf: '2024-12-31', probability: now / 10_000, threshold: 0.3 },
    };
    expect(changes(now, before)).toEqual(told ? [raised] : []);
  });

  it.each(Array.from({ length: 99 }, (_, i) => i + 1))('reaches %d percent exactly', (percent) => {
    expect(changes(100 * percent, 100 * percent - 1, percent / 100)).toHaveLength(1);
  });
});
