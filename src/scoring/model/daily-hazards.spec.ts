import fc from 'fast-check';
import { dailyHazards, scaledTo, stillThere } from './daily-hazards.js';

const share = fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000);

describe(dailyHazards.name, () => {
  it('matches both stored probabilities and never increases', () => {
    fc.assert(
      fc.property(share, share, (one, other) => {
        const risk = { within90Days: Math.min(one, other), within12Months: Math.max(one, other) };
        const hazards = dailyHazards(risk);
        expect(stillThere(hazards, 0)).toBe(1);
        expect(Math.abs(stillThere(hazards, 90) - (1 - risk.within90Days))).toBeLessThan(0.0001);
        expect(Math.abs(stillThere(hazards, 365) - (1 - risk.within12Months))).toBeLessThan(0.0001);
        for (let day = 0; day < 400; day += 7) {
          const now = stillThere(hazards, day);
          expect(now).toBeGreaterThan(0);
          expect(stillThere(hazards, day + 7)).toBeLessThanOrEqual(now);
        }
      }),
    );
  });

  it('is constant within the first 90 days and after them', () => {
    const hazards = dailyHazards({ within90Days: 0.19, within12Months: 0.5 });
    expect(stillThere(hazards, 45)).toBeCloseTo(0.9, 10);
    expect(stillThere(hazards, 227.5)).toBeCloseTo(Math.sqrt(0.81 * 0.5), 10);
  });

  it("never falls below the first 90 days when the year's probability is lower", () =>
    expect(dailyHazards({ within90Days: 0.2, within12Months: 0.1 }).late).toBe(0));
});

describe(scaledTo.name, () => {
  it('matches the requested loss in the first 90 days and scales later days in proportion', () => {
    const hazards = dailyHazards({ within90Days: 0.1, within12Months: 0.3 });
    const worse = scaledTo(0.2, hazards);
    expect(stillThere(worse, 90)).toBeCloseTo(0.8, 10);
    expect(worse.late / worse.early).toBeCloseTo(hazards.late / hazards.early, 10);
  });

  it('leaves later days unchanged when no churn is expected in the first 90', () => {
    const hazards = dailyHazards({ within90Days: 0, within12Months: 0.1 });
    expect(scaledTo(0.01, hazards).late).toBe(hazards.late);
  });
});
