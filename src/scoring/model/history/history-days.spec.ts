import { historyDays } from './history-days.js';

const at = (instant: string): number => Date.parse(instant);

describe(historyDays.name, () => {
  it('starts with the newest month-end whose 90 days and grace have passed', () => {
    const until = at('2024-12-31') + 120 * 86_400_000 + 86_400_000;
    expect(historyDays(-Infinity, until, 30).at(-1)).toBe('2024-12-31');
    expect(historyDays(-Infinity, until - 1, 30).at(-1)).toBe('2024-11-30');
  });

  it('goes back two years, but not before the first payment', () => {
    const until = at('2025-06-01');
    const all = historyDays(-Infinity, until, 30);
    expect([all.length, all[0], all.at(-1)]).toEqual([24, '2023-02-28', '2025-01-31']);
    expect(historyDays(at('2024-11-30T23:59:59Z'), until, 30)).toEqual([
      '2024-11-30',
      '2024-12-31',
      '2025-01-31',
    ]);
    expect(historyDays(at('2024-12-01'), until, 30)).toEqual(['2024-12-31', '2025-01-31']);
    expect(historyDays(Infinity, until, 30)).toEqual([]);
  });
});
