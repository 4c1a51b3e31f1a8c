import fc from 'fast-check';
import { type FamilyMember, subtreesOf } from './parents.js';

const member = (
  id: number,
  parentId: number | null,
  overrides: Partial<FamilyMember> = {},
): FamilyMember => ({ id, parentId, mrr: 1_000, health: 8_000, band: 'green', ...overrides });

describe(subtreesOf.name, () => {
  it('adds up everything below an account, each account once', () => {
    const sut = subtreesOf([
      member(1, null, { mrr: 3_000 }),
      member(2, 1, { mrr: 1_000, health: 2_000, band: 'red' }),
      member(3, 2, { mrr: 1_000, health: 3_000, band: 'red' }),
      member(4, null),
    ]);
    expect([...sut.keys()].sort()).toEqual([1, 2]);
    // (3 × 80 + 20 + 30) / 5; 2 of 5.
    expect(sut.get(1)).toEqual({ accounts: 3, mrr: 5_000, health: 5_800, redShare: 4_000 });
    expect(sut.get(2)).toEqual({ accounts: 2, mrr: 2_000, health: 2_500, redShare: 10_000 });
  });

  it('excludes accounts without a band from the mean, not from the money', () => {
    const sut = subtreesOf([
      member(1, null, { health: 5_000, band: 'yellow' }),
      member(2, 1, { health: 100, band: 'unknown' }),
      member(3, 1, { health: null, band: 'unknown', mrr: null }),
    ]);
    expect(sut.get(1)).toEqual({ accounts: 3, mrr: 2_000, health: 5_000, redShare: 0 });
  });

  it('weighs accounts equally without MRR, and has no share then', () => {
    const sut = subtreesOf([
      member(1, null, { mrr: 0, health: 4_000 }),
      member(2, 1, { mrr: null, health: 9_001 }),
    ]);
    expect(sut.get(1)).toEqual({ accounts: 2, mrr: 0, health: 6_501, redShare: null });
    const blank = { health: null, band: 'unknown' as const };
    expect(subtreesOf([member(1, null, blank), member(2, 1, blank)]).get(1)?.health).toBeNull();
  });

  it('treats an unknown parent as none', () => expect(subtreesOf([member(2, 1)])).toEqual(new Map()));

  it('breaks a cycle at its smallest id', () => {
    const sut = subtreesOf([member(7, 9), member(9, 8), member(8, 7), member(5, 8), member(6, 6)]);
    expect(sut.get(7)?.accounts).toBe(4);
    expect(sut.get(8)?.accounts).toBe(3);
    expect(sut.has(9)).toBe(false);
    expect(sut.has(6)).toBe(false);
  });

  it('does not depend on the order, even for large sums', () => {
    const members = fc
      .array(
        fc.record({
          parentId: fc.option(fc.nat(20)),
          mrr: fc.option(fc.nat(10 ** 12)),
          health: fc.option(fc.nat(10_000)),
          band: fc.constantFrom('green' as const, 'red' as const, 'unknown' as const),
        }),
        { maxLength: 20 },
      )
      .map((all) => all.map((one, id): FamilyMember => ({ id, ...one })));
    const shuffled = members.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, mixed]) => {
        const sorted = (sut: ReturnType<typeof subtreesOf>) => [...sut].sort(([a], [b]) => a - b);
        const sut = subtreesOf(all);
        expect(sorted(subtreesOf(mixed))).toEqual(sorted(sut));
        for (const { accounts, health, redShare } of sut.values()) {
          expect(accounts).toBeLessThanOrEqual(all.length);
          expect(health ?? 0).toBeLessThanOrEqual(10_000);
          expect(redShare ?? 0).toBeLessThanOrEqual(10_000);
        }
      }),
    );
  });
});
