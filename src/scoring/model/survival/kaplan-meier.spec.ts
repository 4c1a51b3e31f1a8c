import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { kaplanMeier, logRank, medianLifetime, type Observation, survivalAt } from './kaplan-meier.js';

const DATA = '../shared/data';
const onData = existsSync(DATA) ? describe : describe.skip;

type Cells = Record<string, string>;
const read = (name: string): Cells[] => parse(readFileSync(`${DATA}/${name}`), { columns: true });
const seen = (time: number, churned: boolean, entry = 0): Observation => ({ entry, time, churned });

onData(`the figures of R's survival package (skipped where ${DATA} is absent)`, () => {
  const waltons = (group?: string) =>
    read('survival/waltons_dataset.csv')
      .filter((cells) => group === undefined || cells.group === group)
      .map(({ T, E }) => seen(Number(T), E === '1'));

  it('waltons: medians and the log-rank test', () => {
    expect(medianLifetime(kaplanMeier(waltons()))).toBe(56);
    expect(medianLifetime(kaplanMeier(waltons('control')))).toBe(58);
    expect(medianLifetime(kaplanMeier(waltons('miR-137')))).toBe(26);
    const sut = logRank([waltons('control'), waltons('miR-137')]);
    expect(sut.chiSquare).toBeCloseTo(122.249, 3);
    expect(sut.degreesOfFreedom).toBe(1);
  });

  it('lung: median and a year', () => {
    const sut = kaplanMeier(
      read('survival/lung.csv').map(({ time, status }) => seen(Number(time), status === '1')),
    );
    expect(medianLifetime(sut)).toBe(310);
    expect(survivalAt(sut, 365)).toBeCloseTo(0.4092416, 7);
  });

  it('Telco: survival and its standard error', () => {
    const rows = read('telco/Telco-Customer-Churn.csv').filter(({ tenure }) => Number(tenure) > 0);
    const sut = kaplanMeier(rows.map(({ tenure, Churn }) => seen(Number(tenure), Churn === 'Yes')));
    expect(survivalAt(sut, 12)).toBeCloseTo(0.8431996, 7);
    expect(survivalAt(sut, 72)).toBeCloseTo(0.5927902, 7);
    expect(sut.find(({ time }) => time === 12)?.standardError).toBeCloseTo(0.0044922, 7);
  });
});

describe(kaplanMeier.name, () => {
  it('counts accounts censored at a time of churn as at risk', () => {
    const sut = kaplanMeier([seen(2, true), seen(2, false), seen(3, true), seen(5, false)]);
    expect(sut.map(({ time, atRisk, lost }) => [time, atRisk, lost])).toEqual([
      [2, 4, 1],
      [3, 2, 1],
    ]);
    expect(sut[1]?.survival).toBeCloseTo(0.375, 12);
    expect(sut[1]?.standardError).toBeCloseTo(0.375 * Math.sqrt(1 / 12 + 1 / 2), 12);
  });

  it('counts a late account as at risk from just after its entry', () => {
    const sut = kaplanMeier([
      seen(2, true),
      seen(4, true),
      seen(6, false),
      seen(5, true, 2),
      seen(9, true, 4),
    ]);
    expect(sut.map(({ time, atRisk }) => [time, atRisk])).toEqual([
      [2, 3],
      [4, 3],
      [5, 3],
      [9, 1],
    ]);
  });

  it('is empty without churn, and has no standard error when no account is left', () => {
    expect(kaplanMeier([seen(2, false)])).toEqual([]);
    expect(survivalAt([], 7)).toBe(1);
    expect(kaplanMeier([seen(2, true)])[0]).toMatchObject({ survival: 0, standardError: NaN });
  });

  it('rejects an account observed for no time', () =>
    expect(() => kaplanMeier([seen(3, true, 3)])).toThrow('from 3 to 3'));
});

describe(medianLifetime.name, () => {
  it('is the middle of the step where survival is exactly one half', () =>
    expect(medianLifetime(kaplanMeier([seen(1, true), seen(2, true), seen(5, true), seen(6, true)]))).toBe(
      3.5,
    ));

  it('is null while more than half are left', () =>
    expect(medianLifetime(kaplanMeier([seen(1, true), seen(2, false), seen(2, false)]))).toBeNull());
});

describe(logRank.name, () => {
  const quick = [seen(1, true), seen(2, true), seen(3, true), seen(4, false)];
  const slow = [seen(5, true), seen(6, false), seen(7, true), seen(8, false)];

  it('does not depend on the order of the groups, even with three', () => {
    const third = [seen(2, true), seen(6, true), seen(9, false)];
    const sut = logRank([quick, slow, third]);
    expect(sut.degreesOfFreedom).toBe(2);
    expect(logRank([third, quick, slow]).chiSquare).toBeCloseTo(sut.chiSquare, 10);
    expect(logRank([slow, quick]).chiSquare).toBeCloseTo(logRank([quick, slow]).chiSquare, 10);
  });

  it('finds no difference between a group and itself', () =>
    expect(logRank([quick, quick]).chiSquare).toBeCloseTo(0, 12));

  it.each([
    ['one group', [quick]],
    ['groups of which nobody left', [[seen(1, false)], [seen(2, false)]]],
  ])('rejects %s', (_, groups) => expect(() => logRank(groups)).toThrow(RangeError));
});
