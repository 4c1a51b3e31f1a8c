import fc from 'fast-check';
import { RollUpService } from '../../src/intake/events/roll-up.service.js';
import { IntakeModule } from '../../src/intake/intake.module.js';
import { addDays, dayOf } from '../../src/platform/days.js';
import { Clock } from '../../src/platform/clock.js';
import { loadSettings } from '../../src/platform/settings.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client } from '../support/client.js';

const SETTINGS = loadSettings({
  FEATURE_TRAITS: 'employees',
  FEATURE_GAUGES: 'credits',
  GATE_EVENTS: 'feature-0,later',
});
/** Events must lie within the range that is kept, and leave room for a past and a future. */
const DAY = addDays(dayOf(new Date()), -100);
const on = (days: number, hours = 0) =>
  new Date(Date.parse(`${addDays(DAY, days)}T00:00:00Z`) + hours * 3_600_000).toISOString();

interface Fact {
  path: string;
  body: Record<string, unknown>;
}
const ACCOUNTS = ['A-0', 'A-1', 'A-2', 'A-3', 'A-4', 'A-5'];

/** One account with facts of every kind, all dated by the end of the day, so that each feature is known. */
function history(accountId: string, n: number): Fact[] {
  const put = (kind: string, id: string, body: object): Fact => ({
    path: `${kind}/${id}-${n}`,
    body: { accountId, effectiveAt: on(-299), ...body },
  });
  const limits = { credits: { allowed: 100 + n, gauge: 'credits' } };
  return [
    {
      path: `accounts/${accountId}`,
      body: { tier: 'smb', createdAt: on(-300), effectiveAt: on(-300), traits: { employees: 10 + n } },
    },
    put('contacts', 'C', { role: 'champion', userIds: [`u-${n}-0`], email: `c${n}@x.example` }),
    put('contacts', 'P', { role: 'sponsor', userIds: [`u-${n}-1`] }),
    put('subscriptions', 'S', {
      startedAt: on(-290),
      renewsAt: on(75),
      mrr: 1_000 * (n + 1),
      seats: 5 + n,
      autoRenew: true,
      noticePeriodDays: 30,
      limits,
    }),
    put('subscriptions', 'X', { startedAt: on(-20, n), product: 'x', mrr: 500, trial: n % 2 === 1 }),
    put('tickets', 'T', { openedAt: on(-4 - n), priority: 'urgent' }),
    ...[1, 2, 3].map((k) =>
      put('tickets', `R${k}`, {
        openedAt: on(-30 - k),
        firstResponseAt: on(-30 - k, k + n),
        resolvedAt: on(-20 + k),
        reopenedAt: [on(-25)],
        csat: k,
      }),
    ),
    put('invoices', 'I', { issuedAt: on(-60), dueAt: on(-30 + n), amount: 100 }),
    put('surveys', 'V', { kind: 'nps', contactId: `P-${n}`, score: 9 - n, answeredAt: on(-100) }),
    put('surveys', 'W', { kind: 'nps', contactId: `P-${n}`, score: n, answeredAt: on(-10) }),
    put('surveys', 'M', { kind: 'sentiment', score: 3, answeredAt: on(-5) }),
    put('activities', 'K', { kind: 'call', at: on(-7 - n), twoWay: true }),
    put('milestones', 'F', { name: 'first_value', dueAt: on(-200), doneAt: on(-190) }),
    put('milestones', 'L', { name: 'rollout', dueAt: on(-10 - n) }),
    put('gauges', 'G', { name: 'credits', value: 50, at: on(-40) }),
    put('gauges', 'H', { name: 'credits', value: 70 + n, at: on(-1) }),
    put('gauges', 'N', { name: 'licencesAssigned', value: 3, at: on(-2) }),
  ];
}

function usage(accountId: string, n: number): object[] {
  return Array.from({ length: 60 }, (_, k) => ({
    type: 'track',
    messageId: `${accountId}-${k}`,
    event: `feature-${k % (2 + n)}`,
    userId: `u-${n}-${k % 3}`,
    timestamp: on(-((k * (k + n)) % 97), k % 24),
    context: { groupId: accountId },
  }));
}

describe(`${FeaturesRepository.name}: any facts`, () => {
  let app: TestApp;
  const sut = new FeaturesRepository(SETTINGS, new Clock());

  const send = async (method: string, path: string, body?: object) => {
    const { status, text } = await client(app).call(method, `/v1/${path}`, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${text}`);
  };
  const put = ({ path, body }: Fact) => send('PUT', path, body);
  const features = async (asOf = DAY) => {
    await app.app.get(RollUpService, { strict: false }).drain();
    const refs = await app.dataSource.query<{ id: string; account_id: number }[]>(
      'SELECT id, account_id FROM account',
    );
    const names = new Map(refs.map((row) => [row.account_id, row.id]));
    const found = await sut.features(app.dataSource.manager, asOf);
    return Object.fromEntries(found.map(({ accountId, ...rest }) => [names.get(accountId) ?? '', rest]));
  };

  beforeEach(async () => {
    app = await startTestApp({}, { features: IntakeModule });
  });
  afterEach(() => app.stop());

  it('dated after the day change nothing when added, changed or deleted', async () => {
    for (const [n, account] of ACCOUNTS.entries()) {
      for (const fact of history(account, n)) await put(fact);
      await send('POST', 'batch', { batch: usage(account, n) });
    }
    const before = await features();
    const unknown = Object.values(before).flatMap(({ features }) =>
      Object.entries(features).flatMap(([key, value]) => (value === null ? [key] : [])),
    );
    expect(unknown).toEqual([]);

    let serial = 0;
    const number = fc.nat({ max: ACCOUNTS.length - 1 });
    const later = fc.nat({ max: 90 * 24 }).map((hours) => on(1, hours));
    type Step = () => Promise<void>;
    const step = (
      run: (n: number, accountId: string, at: string, id: string) => Promise<void>,
    ): fc.Arbitrary<Step> =>
      fc.tuple(number, later).map(
        ([n, at]) =>
          () =>
            run(n, ACCOUNTS[n] ?? '', at, `new-${++serial}`),
      );
    /** Adds a fact, changes it and, half of the time, deletes it again. */
    const added = (kind: string, make: (at: string, n: number) => object): fc.Arbitrary<Step> =>
      step(async (n, accountId, at, id) => {
        await put({ path: `${kind}/${id}`, body: { accountId, ...make(at, n) } });
        if (serial % 2) await send('DELETE', `${kind}/${id}`);
      });
    const changed = (kind: string, id: string, change: (at: string) => object): fc.Arbitrary<Step> =>
      step((n, _, at) =>
        send('POST', `imports/${kind}`, [{ id: `${id}-${n}`, effectiveAt: at, ...change(at) }]),
      );
    const steps = fc.oneof(
      added('subscriptions', (at) => ({
        startedAt: at,
        mrr: 9_000_000,
        seats: 900,
        currency: 'USD',
        autoRenew: false,
      })),
      added('tickets', (at) => ({ openedAt: at, priority: 'urgent', escalatedAt: at, csat: 1, csatAt: at })),
      added('invoices', (at) => ({ issuedAt: at, dueAt: at, amount: 5 })),
      added('surveys', (at, n) => ({ kind: 'nps', contactId: `P-${n}`, score: 1, answeredAt: at })),
      added('surveys', (at) => ({ kind: 'sentiment', score: 1, sentAt: at, answeredAt: at })),
      added('activities', (at) => ({ kind: 'meeting', at, twoWay: true })),
      added('milestones', (at) => ({ name: 'first_value', dueAt: at })),
      added('milestones', (at) => ({ name: 'more', doneAt: at })),
      added('gauges', (at) => ({ name: 'credits', value: 99, at })),
      // The first thing said of a contact reaches back; it was not active before it came.
      step(async (_, accountId, at, id) => {
        await put({
          path: `contacts/${id}`,
          body: { accountId, role: 'user', userIds: [`user-${id}`], effectiveAt: at },
        });
        await send('POST', 'batch', {
          batch: [
            {
              type: 'track',
              messageId: id,
              event: 'later',
              userId: `user-${id}`,
              timestamp: at,
              context: { groupId: accountId },
            },
          ],
        });
      }),
      step((_, __, at, id) => put({ path: `accounts/${id}`, body: { createdAt: at, effectiveAt: at } })),
      step((_, accountId, at) =>
        send('POST', 'imports/accounts', [
          { id: accountId, effectiveAt: at, tier: 'enterprise', stage: 'adopting', traits: { employees: 7 } },
        ]),
      ),
      changed('contacts', 'C', () => ({ role: 'user', userIds: [] })),
      changed('contacts', 'P', () => ({ role: 'champion' })),
      changed('subscriptions', 'S', (at) => ({
        mrr: 1,
        seats: 1,
        renewsAt: at,
        limits: null,
        endedAt: at,
        noticePeriodDays: 3,
        noticeGivenAt: at,
      })),
      changed('tickets', 'T', (at) => ({ priority: 'low', resolvedAt: at })),
      changed('invoices', 'I', (at) => ({ amount: 0, paidAt: at })),
      changed('activities', 'K', () => ({ twoWay: false })),
      changed('milestones', 'L', (at) => ({ name: 'first_value', doneAt: at })),
      changed('gauges', 'H', () => ({ value: 1 })),
      changed('surveys', 'W', () => ({ contactId: null })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 5 }), async (some) => {
        for (const one of some) await one();
        expect(await features()).toEqual(before);
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(await features(addDays(DAY, 95))).not.toEqual(before);
  }, 1_800_000);

  it('give the same features in any order of arrival', async () => {
    const sent = ACCOUNTS.slice(0, 3).flatMap((account, n) => [
      ...history(account, n).map((fact) => () => put(fact)),
      ...history(account, n).flatMap(({ path, body }) => {
        const [kind = '', id = ''] = path.split('/');
        if (kind === 'accounts')
          return [
            () => send('POST', 'imports/accounts', [{ id, effectiveAt: on(-50), traits: { employees: 5 } }]),
          ];
        if (kind === 'contacts')
          return [
            () =>
              send('POST', 'imports/contacts', [
                { id, accountId: body['accountId'], effectiveAt: on(-50), role: 'sponsor' },
              ]),
          ];
        return kind === 'subscriptions'
          ? [
              () =>
                send('POST', 'imports/subscriptions', [
                  {
                    id,
                    accountId: body['accountId'],
                    startedAt: body['startedAt'],
                    effectiveAt: on(-15),
                    seats: 6,
                  },
                ]),
            ]
          : [];
      }),
      ...usage(account, n).map((event) => () => send('POST', 'batch', { batch: [event] })),
    ]);
    const taken: unknown[] = [];
    for (const seed of [1, 2, 3]) {
      await app.stop();
      app = await startTestApp({}, { features: IntakeModule });
      const [order = []] = fc.sample(fc.shuffledSubarray(sent, { minLength: sent.length }), {
        numRuns: 1,
        seed,
      });
      for (const account of ACCOUNTS.slice(0, 3))
        await put({ path: `accounts/${account}`, body: { effectiveAt: on(-301) } });
      for (const one of order) await one();
      taken.push(await features());
    }
    expect(taken[1]).toEqual(taken[0]);
    expect(taken[2]).toEqual(taken[0]);
  }, 1_800_000);
});
