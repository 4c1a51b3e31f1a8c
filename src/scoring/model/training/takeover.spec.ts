import type { TestedWindow } from './backtest.js';
import { cannotTest, compare, decide, decideRefit } from './takeover.js';

const WORDS = { happened: 'churned', judgement: 'the scorecard' };
const ROWS = 400;

/** Each predictor says the same of all who leave, and the same of all others; an account is in each window. */
function windowsOf(count: number, said: Record<'fitted' | 'judgement' | 'baseRate', [number, number]>) {
  const labels = Uint8Array.from({ length: ROWS }, (_, row) => (row % 10 === 0 ? 1 : 0));
  const by = ([left, stayed]: [number, number]) =>
    Float64Array.from(labels, (label, row) => (label === 1 ? left : stayed) + (row % 7) / 10_000);
  const one: Omit<TestedWindow, 'origin'> = {
    labels,
    account: Int32Array.from(labels.keys()),
    fitted: by(said.fitted),
    judgement: by(said.judgement),
    baseRate: by(said.baseRate),
  };
  return Array.from({ length: count }, () => one as TestedWindow);
}

describe(compare.name, () => {
  const labels = [1, 0, 0, 1];
  const one = [0.9, 0.2, 0.1, 0.6];
  const other = [0.5, 0.5, 0.4, 0.7];
  const differences = [Math.log(5 / 9), Math.log(5 / 8), Math.log(6 / 9), Math.log(7 / 6)];
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / 4;

  it('is the mean difference, with the standard error of a mean for one row per account', () => {
    const { difference, standardError } = compare([{ labels, account: [1, 2, 3, 4], one, other }]);
    const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
    expect(difference).toBeCloseTo(mean, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(variance / 4), 12);
  });

  it('clusters the rows of an account, across windows too', () => {
    const account = [1, 2, 3, 4];
    const part = { labels, account, one, other };
    const once = compare([part]);
    const twice = compare([part, part]);
    expect(twice.difference).toBeCloseTo(once.difference, 12);
    expect(twice.standardError).toBeCloseTo(once.standardError, 12);
  });
});

describe(decide.name, () => {
  const SKILL: [number, number] = [0.4, 0.07];
  const JUDGEMENT: [number, number] = [0.2, 0.09];
  const BASE: [number, number] = [0.1, 0.1];
  const BLIND: [number, number] = [0.08, 0.12];

  it.each([
    ['both are beaten', SKILL, JUDGEMENT, false, 'fitted', /^the fitted model has a log-loss lower by/],
    [
      'the judgement is better',
      JUDGEMENT,
      SKILL,
      false,
      'prior',
      /^stays on the scorecard: .* does not beat/,
    ],
    ['they say the same', SKILL, SKILL, false, 'prior', /^stays on the scorecard: /],
    ['there is no skill', BLIND, BLIND, false, 'prior', /^stays on the scorecard: .* no skill/],
    ['a model in use is as good', SKILL, SKILL, true, 'fitted', /^the fitted model /],
    ['a model in use has become worse', JUDGEMENT, SKILL, true, 'prior', /^returns to the scorecard: /],
    ['a model in use has lost its skill', BLIND, BLIND, true, 'prior', /^returns to the scorecard: /],
  ] as const)('decides when %s', (_, fitted, judgement, wasFitted, basis, text) => {
    const windows = windowsOf(3, { fitted: [...fitted], judgement: [...judgement], baseRate: BASE });
    const sut = decide(windows, WORDS, wasFitted);
    expect(sut).toMatchObject({ taken: true, basis });
    expect(sut.text).toMatch(text);
  });

  it('is not convinced by few churned accounts', () => {
    const [window] = windowsOf(1, { fitted: SKILL, judgement: JUDGEMENT, baseRate: BASE }) as [TestedWindow];
    const labels = window.labels.map((label, row) => (row < 90 ? label : 0));
    const sut = decide([{ ...window, labels }], WORDS, false);
    expect(sut.basis).toBe('prior');
    expect(sut.text).toBe('stays on the scorecard: 9 accounts churned in the tested windows; 10 are needed');
  });

  it('finds no skill in a slightly better level, however significant', () => {
    const [window] = windowsOf(1, { fitted: BASE, judgement: BASE, baseRate: BASE }) as [TestedWindow];
    const constant = (p: number) => new Float64Array(ROWS).fill(p);
    const [fitted, baseRate] = [constant(0.0505), constant(0.05)];
    const windows = [{ ...window, fitted, judgement: baseRate, baseRate }];
    const { labels, account } = window;
    const { difference, standardError } = compare([{ labels, account, one: fitted, other: baseRate }]);
    expect(difference + 2 * standardError).toBeLessThan(0);
    expect(decide(windows, WORDS, false).text).toMatch(/^stays on the scorecard: .* no skill/);
  });

  it('explains why nothing could be tested', () => {
    expect(cannotTest('why', WORDS, false)).toMatchObject({
      taken: true,
      basis: 'prior',
      text: 'stays on the scorecard: why',
    });
  });
});

describe(decideRefit.name, () => {
  const first = decide(
    windowsOf(3, { fitted: [0.4, 0.07], judgement: [0.2, 0.09], baseRate: [0.1, 0.1] }),
    WORDS,
    true,
  );

  it.each([
    [-0.01, true],
    [0.003, true],
    [0.005, false],
  ])('takes a log-loss difference of %d ± 0.004: %s', (difference, taken) => {
    const inUse = { difference, standardError: 0.004 };
    const sut = decideRefit(first, inUse);
    expect(sut).toMatchObject({ taken, basis: 'fitted', comparisons: { inUse } });
    if (!taken) expect(sut.text).toMatch(/^keeps the fitted model in use: .* higher by 0.0050 ± 0.0040/);
  });
});
