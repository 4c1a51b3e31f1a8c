import { SourcesRepository } from '../../src/scoring/features/sources.repository.js';
import { daysUpTo, plusDays } from '../support/facts.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';

const DAY = '2024-12-31';

describe(SourcesRepository.name, () => {
  let bench: FeaturesBench;
  const sut = new SourcesRepository();

  beforeAll(async () => {
    bench = await openFeatures();
  });
  afterAll(() => bench.close());

  const state = async (kind: string, effectiveDays: string[], arrivedDays = effectiveDays) => {
    await bench.dataSource.query(
      `INSERT INTO statement SELECT 1, $1, 'r-' || d || n, d::date, false, '{}', a::timestamptz
       FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS t(d, a, n)`,
      [kind, effectiveDays, arrivedDays],
    );
  };
  const source = async (kind: string, asOf = DAY) =>
    (await sut.sources(bench.dataSource.manager, asOf)).find((one) => one.kind === kind);

  it('uses the days of arrival up to the day', async () => {
    await state(
      'tickets',
      daysUpTo('2024-06-01', 10),
      daysUpTo('2024-12-20', 10).map((day) => `${day}T23:59:59Z`),
    );
    await state('tickets', ['2024-12-31'], ['2025-01-01T00:00:00Z']);
    expect(await source('tickets')).toEqual({
      kind: 'tickets',
      lastAt: '2024-12-20',
      usualGapDays: 1,
      silent: true,
    });
    expect(await source('tickets', '2024-12-23')).toMatchObject({ lastAt: '2024-12-20', silent: false });
    expect(await source('tickets', '2025-01-01')).toMatchObject({ lastAt: '2025-01-01', silent: false });
  });

  it('uses the dates of facts for kinds without arrivals by then', async () => {
    await state('surveys', daysUpTo('2024-12-30', 6), Array<string>(6).fill('2025-03-01'));
    expect(await source('surveys')).toMatchObject({ lastAt: '2024-12-30', usualGapDays: 1, silent: false });
    expect(await source('surveys', '2025-02-01')).toMatchObject({ lastAt: '2024-12-30', silent: true });
    // All in one go: no pace, no silence.
    expect(await source('surveys', '2025-05-01')).toMatchObject({ lastAt: '2025-03-01', silent: false });
  });

  it('keeps the pace from before the silence, however long it lasts', async () => {
    await state('invoices', daysUpTo('2024-01-31', 20));
    expect(await source('invoices')).toMatchObject({ lastAt: '2024-01-31', usualGapDays: 1, silent: true });
  });

  it('makes the features of a silent source unknown', async () => {
    const account = await bench.facts.account();
    await bench.facts.usage(account, daysUpTo(DAY, 30));
    expect(await bench.of(account, plusDays(DAY, 7))).toMatchObject({
      activeDays28: 21,
      daysSinceLastUse: 7,
    });
    expect(await bench.of(account, plusDays(DAY, 8))).toMatchObject({
      activeDays28: null,
      daysSinceLastUse: null,
    });
  });
});
