import { loadSettings } from '../../src/platform/settings.js';
import { HistoryReader } from '../../src/scoring/history/history-reader.js';
import { DEFAULT_CARDS } from '../../src/scoring/model/default-cards.js';
import { randomFrom } from '../../src/scoring/model/ebm/random.js';
import { type HistoryTable, UNKNOWN } from '../../src/scoring/model/history/history-table.js';
import { ChangeHistoryRepository } from '../../src/scoring/models/change-history.repository.js';
import { plusDays } from '../support/facts.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';

const NOW = new Date('2025-06-01T00:00:00Z');
const CARDS = [...DEFAULT_CARDS];

describe(HistoryReader.name, () => {
  let bench: FeaturesBench;
  let sut: HistoryReader;

  beforeEach(async () => {
    bench = await openFeatures();
    sut = new HistoryReader(loadSettings({}), { now: () => new Date('2025-06-01T12:00:00Z') });
  });
  afterEach(() => bench.close());

  const read = (days: string[], until = NOW) => sut.read(bench.dataSource.manager, days, CARDS, until);

  it('has a row with outcomes for each account at risk on each day', async () => {
    const stays = await bench.facts.account({ tier: 'smb' });
    await bench.facts.subscription(stays, { started_at: '2024-01-10', mrr: 5_000 });
    const leaves = await bench.facts.account({ tier: 'enterprise' });
    await bench.facts.subscription(leaves, { ended_at: '2024-11-10' });
    const grows = await bench.facts.account({ tier: 'smb' });
    await bench.facts.record('subscription', grows, {
      id: 'S',
      mrr: 100,
      started_at: '2024-01-01',
      valid_to: '2024-10-15',
    });
    await bench.facts.record('subscription', grows, {
      id: 'S',
      mrr: 110,
      started_at: '2024-01-01',
      valid_from: '2024-10-15',
    });
    const trial = await bench.facts.account();
    await bench.facts.subscription(trial, { trial: true });
    const leaving = await bench.facts.account();
    await bench.facts.subscription(leaving, { notice_given_at: '2024-06-01', ended_at: '2025-03-01' });
    await bench.facts.account();

    const found = await read(['2024-06-30', '2024-09-30', '2024-11-30']);
    expect(found.days).toEqual(['2024-06-30', '2024-09-30', '2024-11-30']);
    expect([...found.day]).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
    expect([...found.account]).toEqual([stays, leaves, grows, stays, leaves, grows, stays, grows]);
    expect([...found.mrr]).toEqual([5_000, 10_000, 100, 5_000, 10_000, 100, 5_000, 110]);
    expect(found.outcomes.churn.map((quarter) => [...quarter])).toEqual([
      [0, 0, 0, 0, 1, 0, 0, 0],
      [0, 1, 0, 0, UNKNOWN, 0, UNKNOWN, UNKNOWN],
      [0, UNKNOWN, 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN],
      Array.from({ length: 8 }, () => UNKNOWN),
    ]);
    expect([...found.outcomes.expansion]).toEqual([0, 0, 0, 0, 0, 1, 0, 0]);
    expect([...found.outcomes.contraction]).toEqual(Array.from({ length: 8 }, () => 0));
    const gone = Date.parse('2024-11-10') / 86_400_000;
    expect([...found.outcomes.goneDay]).toEqual([0, gone, 0, 0, gone, 0, 0, 0]);
    const columns = new Map(found.columns.map(({ name, values }) => [name, values]));
    expect(columns.get('tenureDays')?.[0]).toBe(172);
    expect(columns.get('tier')).toEqual([
      ...['smb', 'enterprise', 'smb', 'smb', 'enterprise', 'smb'],
      ...['smb', 'smb'],
    ]);
    expect(columns.get('stage')?.[0]).toBe('adopting');
    expect(columns.get('nps')?.[0]).toBeNaN();
  });

  it('measures health relative to the newest day', async () => {
    for (const due of ['2024-09-01', '2024-11-10', '2025-01-01']) {
      const account = await bench.facts.account({ tier: 'smb' });
      await bench.facts.subscription(account);
      await bench.facts.invoice(account, { issued_at: '2024-08-01', due_at: due, paid_at: null });
    }
    const found = await read(['2024-10-31', '2024-11-30']);
    const newest = [...found.health.subarray(3)];
    expect(newest[0]).toBeLessThan(newest[1] ?? 0);
    expect(newest[1]).toBeLessThan(newest[2] ?? 0);
    expect(Object.keys(found.means)).not.toEqual([]);
    expect(newest.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 6);
  });

  it('agrees with the base rates', async () => {
    await fillAtRandom(bench, 60);
    const rates = await new ChangeHistoryRepository(loadSettings({})).before(bench.dataSource.manager, NOW);
    // The base rates look at the ends of these days.
    const ends = [4, 3, 2, 1].map((n) => plusDays('2025-06-01', -90 * n - 30 - 1));
    const { outcomes, day } = await read(ends);
    const count = (labels: Int8Array) => labels.filter((label) => label === 1).length;
    expect(outcomes.churn[0]).not.toContain(UNKNOWN);
    expect(rates.churned).toBeGreaterThan(5);
    expect(rates.expanded).toBeGreaterThan(5);
    expect({
      windows: day.length,
      churned: count(outcomes.churn[0]),
      expanded: count(outcomes.expansion),
    }).toMatchObject({ windows: rates.windows, churned: rates.churned, expanded: rates.expanded });
  });

  it('lets facts dated after a day change only outcomes', async () => {
    await fillAtRandom(bench, 30);
    const day = '2024-09-30';
    const before = await read([day]);
    await addAfter(bench, day);
    const after = await read([day]);
    const knownThen = ({ account, mrr, columns, health, signals }: HistoryTable) => ({
      account,
      mrr,
      columns,
      health,
      signals,
    });
    expect(knownThen(after)).toEqual(knownThen(before));
    expect(after.outcomes).not.toEqual(before.outcomes);
  });

  it('ignores facts after the time of the request', async () => {
    const account = await bench.facts.account();
    await bench.facts.subscription(account, { ended_at: '2024-11-10' });
    const asked = (until: string) => read(['2024-09-30'], new Date(until));
    expect((await asked('2025-01-28')).outcomes.churn[0][0]).toBe(UNKNOWN);
    expect((await asked('2025-01-29')).outcomes.churn[0][0]).toBe(1);
  });

  it('goes back to the first payment', async () => {
    expect(await sut.days(bench.dataSource.manager, NOW)).toEqual([]);
    const account = await bench.facts.account();
    await bench.facts.subscription(account, { started_at: '2024-11-15' });
    expect(await sut.days(bench.dataSource.manager, NOW)).toEqual(['2024-11-30', '2024-12-31', '2025-01-31']);
  });

  it('returns account lifetimes, without internal and merged accounts', async () => {
    const left = await bench.facts.account();
    await bench.facts.subscription(left, { started_at: '2023-01-01', ended_at: '2024-01-01' });
    const began = await bench.facts.account();
    await bench.facts.subscription(began, { started_at: '2024-03-01', ended_at: '2024-09-01' });
    const internal = await bench.facts.account({ internal: true });
    await bench.facts.subscription(internal, { started_at: '2022-01-01', ended_at: '2022-02-01' });
    const merged = await bench.facts.account({ merged_into: left });
    await bench.facts.subscription(merged, { started_at: '2024-03-01' });
    expect(await sut.lifetimes(bench.dataSource.manager, NOW)).toEqual([
      { entry: 0, time: 6, churned: true, count: 1 },
    ]);
  });
});

/** Accounts with up to three subscriptions one after the other or beside each other, one to three prices each. */
async function fillAtRandom(bench: FeaturesBench, accounts: number): Promise<void> {
  const random = randomFrom(7);
  const upTo = (count: number) => Math.floor(count * random());
  const dayIn = (from: string, days: number) => plusDays(from, upTo(days));
  for (let n = 0; n < accounts; n++) {
    const account = await bench.facts.account();
    let start = dayIn('2023-06-01', 400);
    for (let which = upTo(3); which >= 0; which--) {
      const end = random() < 0.6 ? plusDays(start, 30 + upTo(300)) : null;
      const notice = end !== null && random() < 0.4 ? plusDays(end, -upTo(60)) : null;
      let from = '-infinity';
      let mrr = 100 * (1 + upTo(20));
      const change = plusDays(start, 1 + upTo(250));
      for (const to of [change, 'infinity']) {
        await bench.facts.subscription(account, {
          ...{ id: `S-${n}-${which}`, mrr, started_at: start, ended_at: end, notice_given_at: notice },
          ...{ valid_from: from, valid_to: to },
        });
        from = to;
        // Some go on in a free period.
        mrr = random() < 0.15 ? 0 : Math.round(mrr * (0.7 + 0.6 * random()));
      }
      await bench.facts.usage(account, [...new Set([dayIn(start, 300), dayIn(start, 300)])], 20);
      start = plusDays(end ?? start, upTo(70));
    }
  }
}

async function addAfter(bench: FeaturesBench, day: string): Promise<void> {
  const later = plusDays(day, 1);
  const end = `${later}T00:00:00Z`;
  await bench.dataSource.query(
    `UPDATE subscription SET ended_at = $1::timestamptz + interval '20 days', notice_given_at = $1::timestamptz
     WHERE account_id % 2 = 0 AND valid_to = 'infinity' AND (ended_at IS NULL OR ended_at >= $1) AND notice_given_at IS NULL`,
    [end],
  );
  const accounts: { account_id: number }[] = await bench.dataSource.query('SELECT account_id FROM account');
  for (const { account_id: account } of accounts) {
    await bench.facts.usage(account, [later, plusDays(day, 15)], 50);
    await bench.facts.ticket(account, { opened_at: end, priority: 'urgent' });
    await bench.facts.invoice(account, { issued_at: end, due_at: plusDays(day, 3), paid_at: null });
    await bench.facts.record('survey', account, { kind: 'nps', score: 1, answered_at: end, sent_at: end });
  }
}
