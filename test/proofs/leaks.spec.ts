import type { HistoryOptions } from '../support/history.js';
import { questionOf } from '../support/question.js';
import { runHere } from '../../src/scoring/model/ebm/fit.js';
import { originsOf } from '../../src/scoring/model/training/backtest.js';
import { findLeaks } from '../../src/scoring/model/training/leaks.js';

async function leaksOf(options: Partial<HistoryOptions>) {
  const question = questionOf({
    accounts: 200,
    months: 18,
    features: 3,
    law: ({ x: [a = 0, b = 0] }) => -3.2 + 0.7 * a + 0.7 * b,
    ...options,
  });
  return findLeaks(question, originsOf(question).origins, question.table.columns, runHere);
}

describe(findLeaks.name, () => {
  it('finds none in clean data', async () => {
    expect(await leaksOf({})).toEqual([]);
  });

  it.each<[string, (label: number, random: () => number) => number]>([
    ['a number that is high for who leaves', (label, random) => (label === 1 ? 2 : 0) + random()],
    ['a number that is low for who leaves', (label, random) => (label === 1 ? -2 : 0) + random()],
    [
      'what is known only of who leaves',
      (label, random) => (label === 1 && random() < 0.95 ? random() : NaN),
    ],
    ['what is unknown only of who leaves', (label, random) => (label === 1 ? NaN : random())],
  ])('names %s', async (_, leak) => {
    const [found, ...others] = await leaksOf({ leaks: { 'trait.reason': leak } });
    expect(others).toEqual([]);
    expect(found?.feature).toBe('trait.reason');
    expect(found?.auc).toBeGreaterThan(0.95);
    expect(found?.text).toMatch(/^trait.reason alone reaches an out-of-time AUC of (0.9[5-9]\d|1.000):/);
  });

  it('flags a feature that costs too much to drop, though weaker alone', async () => {
    const known = (label: number, random: () => number) =>
      (random() < 0.6 ? label : 1 - label) + random() / 4;
    const half = (label: number, random: () => number) =>
      (random() < 0.75 ? Math.max(0, label) : random() < 0.5 ? 1 : 0) + random() / 4;
    const found = await leaksOf({ accounts: 400, law: () => -3, leaks: { 'trait.half': half, known } });
    expect(found.map(({ feature }) => feature)).toEqual(['trait.half']);
    expect(found[0]?.auc).toBeLessThan(0.9);
    expect(found[0]?.text).toMatch(/^without trait.half the AUC drops by 0\.[1-9]/);
  });

  it('does not suspect contract terms: accounts do not churn before they end', async () => {
    const left = (label: number, random: () => number) => (label === 1 ? 90 : 1_095) * random();
    expect(await leaksOf({ leaks: { daysToRenewal: left } })).toEqual([]);
  });

  it("flags contract terms by which nobody ever renewed: they are today's state", async () => {
    const left = (label: number, random: () => number) =>
      label === 1 ? 90 * random() : 400 + 365 * random();
    const found = await leaksOf({ leaks: { daysToRenewal: left } });
    expect(found.map(({ feature }) => feature)).toEqual(['daysToRenewal']);
  });
});
