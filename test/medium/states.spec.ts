import { RecordIntakeService } from '../../src/intake/records/record-intake.service.js';
import { recordKind } from '../../src/intake/kinds/kinds.js';
import type { RecordInput } from '../../src/intake/records/records.service.js';
import { startTestApp, type TestApp } from '../support/app.js';

const KIND = recordKind('subscriptions');
const COPIES = 1_000;
const ms = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);
const iso = (day: string): string => `${day}T00:00:00.000Z`;

type Said = Pick<RecordInput, 'fields' | 'replaces' | 'effectiveAt'>;
const said = (day: string, fields: RecordInput['fields'], replaces = false): Said => ({
  effectiveAt: ms(day),
  fields,
  replaces,
});

/** One account's two subscriptions over two years; the second ends at midnight of the 1st of August 2024. */
const HISTORY: Record<string, readonly Said[]> = {
  core: [
    said('2023-01-01', {
      startedAt: iso('2023-01-01'),
      mrr: 1_000,
      seats: 10,
      renewsAt: iso('2024-01-01'),
      limits: { a: { allowed: 1, gauge: 'a' } },
    }),
    said('2023-05-10', { mrr: 1_500, limits: { b: { allowed: 2, gauge: 'b' } } }),
    said('2023-11-20', { renewsAt: iso('2025-01-01'), limits: { a: null } }),
    said(
      '2024-01-01',
      { startedAt: iso('2023-01-01'), mrr: 2_000, seats: 12, renewsAt: iso('2025-01-01') },
      true,
    ),
    said('2024-06-01', { mrr: 1_200, seats: null }),
  ],
  extra: [
    said('2023-03-01', { startedAt: iso('2023-03-01'), mrr: 300, product: 'extra' }),
    said('2024-02-01', { mrr: 400 }),
    said('2024-07-15', { noticeGivenAt: iso('2024-07-15') }),
    said('2024-08-20', { endedAt: iso('2024-08-01'), endReason: 'voluntary' }),
  ],
};
/** The same after the ending; counted by hand from the history above. */
const MRR: readonly [string, number][] = [
  ['2022-12-31', 0],
  ['2023-01-01', 1_000],
  ['2023-02-28', 1_000],
  ['2023-03-01', 1_300],
  ['2023-05-09', 1_300],
  ['2023-05-10', 1_800],
  ['2023-12-31', 1_800],
  ['2024-01-01', 2_300],
  ['2024-02-01', 2_400],
  ['2024-06-01', 1_600],
  ['2024-07-31', 1_600],
  ['2024-08-01', 1_200],
  ['2024-12-31', 1_200],
];

function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('subscription states over time', () => {
  let app: TestApp;
  let intake: RecordIntakeService;

  const take = (inputs: RecordInput[]) => intake.take(KIND, inputs);
  const input = (id: string, one: Said, arrivedAt = ms('2025-01-01')): RecordInput => ({
    id,
    accountRef: `A-${id.split(' ')[1] ?? 'x'}`,
    arrivedAt,
    ...one,
  });
  /** As of the end of the UTC day. */
  async function mrr(where: string, day: string): Promise<number> {
    const [row]: { mrr: string | null }[] = await app.dataSource.query(
      `SELECT sum(mrr) AS mrr FROM subscription, (SELECT ($1::date + 1)::timestamp AT TIME ZONE 'UTC' AS t) AS until
       WHERE ${where} AND valid_from < t AND valid_to >= t AND started_at < t AND (ended_at IS NULL OR ended_at >= t)`,
      [day],
    );
    return Number(row?.mrr ?? 0);
  }
  const rowsOf = (id: string): Promise<Record<string, unknown>[]> =>
    app.dataSource.query('SELECT * FROM subscription WHERE id = $1 ORDER BY valid_from', [id]);

  beforeAll(async () => {
    app = await startTestApp();
    intake = app.app.get(RecordIntakeService, { strict: false });
    const accounts = [...Array.from({ length: COPIES }, (_, i) => `A-${i}`), 'A-x'].map((id) => ({
      id,
      accountRef: id,
      arrivedAt: 0,
      replaces: false,
      fields: {},
    }));
    await intake.take(recordKind('accounts'), accounts);
  });
  afterAll(() => app.stop());

  it('are the same after 1,000 orders of the same statements, a tenth of them repeated', async () => {
    const random = randomFrom(11);
    const told = Array.from({ length: COPIES }, (_, copy) => {
      const statements = Object.entries(HISTORY).flatMap(([name, all]) =>
        all.map((one) => ({ id: `${name} ${copy}`, one })),
      );
      // The first that arrives has to say when it began: it is then known, and the rest is told in any order.
      const again = statements.filter(() => random() < 0.1);
      return shuffle([...statements, ...again], random);
    });
    // Chunk n holds what each copy tells n-th, in as many transactions as there are things to tell.
    const waiting = new Map<number, { id: string; one: Said }[]>();
    const longest = Math.max(...told.map((list) => list.length));
    for (let turn = 0; turn < longest; turn++) {
      const chunk = told.flatMap((list, copy) => {
        const next = list[turn];
        return next === undefined ? [] : [{ copy, ...next }];
      });
      const outcomes = await take(chunk.map(({ id, one }) => input(id, one)));
      outcomes.forEach((outcome, i) => {
        const sent = chunk[i];
        if (outcome.status !== 'rejected' || sent === undefined) return;
        expect(outcome.problem.code).toBe('missing');
        waiting.set(sent.copy, [...(waiting.get(sent.copy) ?? []), sent]);
      });
    }
    // What came before the record was known was refused by name, and is sent again.
    for (
      let list = [...waiting.values()];
      list.length > 0;
      list = list.map((all) => all.slice(1)).filter((all) => all.length > 0)
    ) {
      const outcomes = await take(list.flatMap(([next]) => (next ? [input(next.id, next.one)] : [])));
      expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toEqual([]);
    }
    const distinct = (table: string, columns: string) =>
      app.dataSource.query<{ copies: number }[]>(
        `SELECT count(*)::int AS copies FROM (
           SELECT account_id, string_agg((${columns})::text, ';' ORDER BY ${table === 'statement' ? 'record_id, effective_at' : 'id, valid_from'}) AS all_of_it
           FROM ${table} t ${table === 'statement' ? `WHERE kind = 'subscriptions'` : ''} GROUP BY account_id) AS copy GROUP BY all_of_it`,
      );
    expect(
      await distinct(
        'subscription',
        `(to_jsonb(t) - 'account_id' || jsonb_build_object('id', split_part(id, ' ', 1)))`,
      ),
    ).toEqual([{ copies: COPIES }]);
    expect(
      await distinct('statement', `ROW(split_part(record_id, ' ', 1), effective_at, replaces, patch)`),
    ).toEqual([{ copies: COPIES }]);
  });

  it('give the MRR of any past day, equal in all copies', async () => {
    for (const [day, expected] of MRR)
      expect([day, await mrr('true', day)]).toEqual([day, expected * COPIES]);
  });

  it('give the daily MRR movements', async () => {
    const movements: { day: string; change: string }[] = await app.dataSource.query(
      `WITH daily AS (
         SELECT d::date AS day, coalesce((SELECT sum(mrr) FROM subscription WHERE account_id = (SELECT account_id FROM account WHERE id = 'A-7')
           AND valid_from < d + interval '1 day' AND valid_to >= d + interval '1 day'
           AND started_at < d + interval '1 day' AND (ended_at IS NULL OR ended_at >= d + interval '1 day')), 0) AS mrr
         FROM generate_series('2022-12-31'::timestamptz, '2024-12-31', '1 day') AS d)
       SELECT day, change FROM (SELECT day, mrr - lag(mrr) OVER (ORDER BY day) AS change FROM daily) AS moved WHERE change <> 0 ORDER BY day`,
    );
    expect(movements.map(({ day, change }) => [day, Number(change)])).toEqual([
      ['2023-01-01', 1_000],
      ['2023-03-01', 300],
      ['2023-05-10', 500],
      ['2024-01-01', 500],
      ['2024-02-01', 100],
      ['2024-06-01', -800],
      ['2024-08-01', -400],
    ]);
  });

  it('give the renewal as known on a past day', async () => {
    const renewal = async (day: string): Promise<unknown> => {
      const [row]: { renews_at: Date }[] = await app.dataSource.query(
        `SELECT renews_at FROM subscription WHERE id = 'core 3' AND valid_from < $1 AND valid_to >= $1`,
        [`${day}T00:00:00Z`],
      );
      return row?.renews_at.toISOString().slice(0, 10);
    };
    expect([await renewal('2023-11-20'), await renewal('2023-11-21'), await renewal('2024-03-01')]).toEqual([
      '2024-01-01',
      '2025-01-01',
      '2025-01-01',
    ]);
  });

  it('apply an ending reported late from its own day', async () => {
    const begun = said('2024-01-01', { startedAt: iso('2024-01-01'), mrr: 100 });
    await take([input('late', begun)]);
    expect(await mrr(`id = 'late'`, '2024-06-15')).toBe(100);
    await take([
      input('late', { replaces: false, fields: { endedAt: iso('2024-06-01') } }, ms('2024-09-09')),
    ]);
    expect(await mrr(`id = 'late'`, '2024-05-31')).toBe(100);
    expect(await mrr(`id = 'late'`, '2024-06-01')).toBe(0);
    await take([input('late', { replaces: false, fields: { endedAt: null } }, ms('2024-09-10'))]);
    expect(await mrr(`id = 'late'`, '2024-06-15')).toBe(100);
  });

  it('insert a late statement between two others', async () => {
    await take([
      input('between', said('2024-01-01', { startedAt: iso('2024-01-01'), mrr: 100 })),
      input('between', said('2024-05-01', { mrr: 300 })),
      input('between', said('2024-03-01', { mrr: 200, seats: 5 })),
    ]);
    expect((await rowsOf('between')).map(({ mrr, seats }) => [mrr, seats])).toEqual([
      [100, null],
      [200, 5],
      [300, 5],
    ]);
  });

  it('do not change when the same undated file is sent twice, even with a start next year', async () => {
    const arrived = ms('2025-02-02');
    const undated: Said = { replaces: false, fields: { startedAt: iso('2026-01-01'), mrr: 100 } };
    expect(await take([input('ahead', undated, arrived)])).toMatchObject([{ status: 'created' }]);
    expect(await take([input('ahead', undated, arrived + 5)])).toMatchObject([{ status: 'unchanged' }]);
    const corrected = { ...undated, fields: { ...undated.fields, mrr: 150 } };
    expect(await take([input('ahead', corrected, arrived + 9)])).toMatchObject([{ status: 'updated' }]);
    expect(await mrr(`id = 'ahead'`, '2026-01-01')).toBe(150);
  });

  // If each statement looked at those before it, this would take minutes.
  it('accept a chunk that names one record a thousand times', async () => {
    const day = ms('2020-01-01');
    const many = (from: number) =>
      Array.from({ length: 1_000 }, (_, i) =>
        input('often', {
          effectiveAt: day + (from + i) * 1_000,
          replaces: false,
          fields: { startedAt: iso('2020-01-01'), mrr: i },
        }),
      );
    await take(many(0));
    await take(many(1_000));
    expect(await rowsOf('often')).toHaveLength(2_000);
  });
});
