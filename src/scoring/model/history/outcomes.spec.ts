import { UNKNOWN } from './history-table.js';
import { absencesOf, outcomesOf, type PaidSpan } from './outcomes.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2024-01-01T00:00:00Z');
const day = (days: number): number => START + days * DAY_MS;

/** It ends at `to`, if that comes. */
const span = (from: number, to = Infinity, mrr = 100, ends = to < Infinity): PaidSpan => ({
  from: day(from),
  to: to === Infinity ? to : day(to),
  mrr,
  ends,
});
const known = { until: day(1_000), graceDays: 30 };
const outcomes = (spans: PaidSpan[], until = 1_000) =>
  outcomesOf(spans, day(0), { ...known, until: day(until) });

describe(absencesOf.name, () => {
  it('ignores gaps shorter than the grace', () => {
    expect(absencesOf([span(-50, 10), span(39)], 30)).toEqual([]);
    expect(absencesOf([span(-50, 10), span(40)], 30)).toEqual([{ from: day(10), until: day(40) }]);
  });

  it('has no absence on an immediate renewal, even without grace', () => {
    expect(absencesOf([span(-50, 10), span(10)], 0)).toEqual([]);
  });

  it('starts at the last end', () => {
    const spans = [span(-50, 10), span(-40, 60), span(-30, 20)];
    expect(absencesOf(spans, 30)).toEqual([{ from: day(60), until: Infinity }]);
  });

  it('has no absence in a free period, and starts at its end', () => {
    expect(absencesOf([span(-50, 10, 100, false), span(10, Infinity, 0)], 30)).toEqual([]);
    const ended = [span(-50, 10, 100, false), span(10, 40, 0), span(90)];
    expect(absencesOf(ended, 30)).toEqual([{ from: day(40), until: day(90) }]);
  });

  it('has no absence when the account continues for free', () => {
    expect(absencesOf([span(-50, 10, 100, false)], 30)).toEqual([]);
  });
});

describe(outcomesOf.name, () => {
  it.each([
    ['just at its beginning', 0, [1, UNKNOWN, UNKNOWN, UNKNOWN]],
    ['at the last instant of the 90 days', 90 - 1e-8, [1, UNKNOWN, UNKNOWN, UNKNOWN]],
    ['right after them', 90, [0, 1, UNKNOWN, UNKNOWN]],
    ['in the fourth quarter', 359, [0, 0, 0, 1]],
    ['after a year', 360, [0, 0, 0, 0]],
  ])('finds the quarter of a churn %s', (_, end, churn) => {
    expect(outcomes([span(-50, end)]).churn).toEqual(churn);
    expect(outcomes([span(-50, end)]).goneDay).toBe(Math.floor(day(end) / DAY_MS));
  });

  it('does not count a churn when the account is back within grace or by the end of the 90 days', () => {
    expect(outcomes([span(-50, 80), span(109)]).churn).toEqual([0, 0, 0, 0]);
    expect(outcomes([span(-50, 80), span(110)]).churn[0]).toBe(1);
    expect(outcomes([span(-50, 10), span(80)])).toMatchObject({ churn: [0, 0, 0, 0], goneDay: 0 });
  });

  it('is unknown until the grace has passed, quarter by quarter', () => {
    expect(outcomes([span(-50)], 120).churn).toEqual([0, UNKNOWN, UNKNOWN, UNKNOWN]);
    expect(outcomes([span(-50)], 119.9)).toEqual({
      churn: [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN],
      contraction: UNKNOWN,
      expansion: UNKNOWN,
      goneDay: 0,
    });
    expect(outcomes([span(-50, 5)], 119.9).churn[0]).toBe(UNKNOWN);
    expect(outcomes([span(-50, 95)], 124.9).goneDay).toBe(0);
  });

  it.each([
    [100, 90, 1, 0],
    [100, 91, 0, 0],
    [100, 109, 0, 0],
    [100, 110, 0, 1],
    [1_111_110, 999_999, 1, 0],
    [1_111_110, 1_222_221, 0, 1],
  ])('classifies an MRR change from %d to %d', (before, later, contraction, expansion) => {
    const spans = [span(-50, 30, before, false), span(30, Infinity, later)];
    expect(outcomes(spans)).toMatchObject({ contraction, expansion });
  });

  it('adds up the active subscriptions', () => {
    const spans = [span(-50), span(-50, 40), span(90 - 1e-8, Infinity, 20), span(90, Infinity, 500)];
    expect(outcomes(spans)).toMatchObject({ contraction: 1, expansion: 0 });
  });

  it('is a contraction when an account continues for free, not in a gap between subscriptions', () => {
    expect(outcomes([span(-50, 80), span(100)]).contraction).toBe(0);
    expect(outcomes([span(-50, 80), span(100, Infinity, 50)]).contraction).toBe(1);
    expect(outcomes([span(-50, 80), span(85, Infinity, 0)])).toMatchObject({
      contraction: 1,
      churn: [0, 0, 0, 0],
    });
    expect(outcomes([span(-50, 80, 100, false)])).toMatchObject({ contraction: 1, churn: [0, 0, 0, 0] });
  });

  it('is neither a contraction nor an expansion after a churn', () => {
    expect(outcomes([span(-50, 80)])).toMatchObject({ contraction: 0, expansion: 0 });
  });
});
