import { existsSync, readFileSync } from 'node:fs';
import { type AssignedAccount, cupedOf } from './cuped.js';

const FIXTURES = '../shared/data/fixtures.json';
const onData = existsSync(FIXTURES) ? it : it.skip;

interface CupedFixture {
  x: number[];
  t: number[];
  y: number[];
  theta: number;
  rho2: number;
  raw: [number, number];
  adj: [number, number];
  var_ratio: number;
}

describe(cupedOf.name, () => {
  onData(`meets the fixture (skipped where ${FIXTURES} is absent)`, () => {
    const { cuped } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as { cuped: CupedFixture };
    const sut = cupedOf(
      cuped.x.map((before, place) => ({
        before,
        after: cuped.y[place] ?? NaN,
        treated: cuped.t[place] === 1,
      })),
    );
    expect(sut.theta).toBeCloseTo(cuped.theta, 12);
    expect(sut.explained).toBeCloseTo(cuped.rho2, 12);
    expect(1 - sut.explained).toBeCloseTo(cuped.var_ratio, 12);
    expect(sut.raw.difference).toBeCloseTo(cuped.raw[0], 12);
    expect(sut.raw.standardError).toBeCloseTo(cuped.raw[1], 12);
    expect(sut.adjusted.difference).toBeCloseTo(cuped.adj[0], 12);
    expect(sut.adjusted.standardError).toBeCloseTo(cuped.adj[1], 12);
  });

  const accounts = (before: (place: number) => number): AssignedAccount[] =>
    Array.from({ length: 20 }, (_, place) => ({
      before: before(place),
      after: place * place,
      treated: place % 3 === 0,
    }));

  it('changes nothing when the covariate is constant', () => {
    const sut = cupedOf(accounts(() => 7));
    expect(sut).toMatchObject({ theta: 0, explained: 0 });
    expect(sut.adjusted).toEqual(sut.raw);
  });

  it('leaves no difference and no error when the covariate explains everything', () => {
    const sut = cupedOf(accounts((place) => place * place));
    expect(sut.theta).toBeCloseTo(1, 12);
    expect(sut.adjusted.difference).toBeCloseTo(0, 10);
    expect(sut.adjusted.standardError).toBeCloseTo(0, 10);
  });

  it('has no standard error for a group of one', () =>
    expect(cupedOf(accounts((place) => place).slice(0, 2)).raw.standardError).toBeNaN());
});
