import fc from 'fast-check';
import { RollUpService } from '../../src/intake/events/roll-up.service.js';
import { IntakeModule } from '../../src/intake/intake.module.js';
import { addDays, dayOf } from '../../src/platform/days.js';
import { Clock } from '../../src/platform/clock.js';
import { loadSettings } from '../../src/platform/settings.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client } from '../support/client.js';

const ORDERS = 1_000;
const DAY = addDays(dayOf(new Date()), -10);
const on = (days: number) => `${addDays(DAY, days)}T12:00:00Z`;

interface Sent {
  kind: 'call' | 'contacts' | 'subscriptions';
  body: Record<string, unknown>;
}

/** The same story under ids of its own: three people, one of them under four ids, one in two accounts, one with two user ids. */
function facts(world: number): Sent[] {
  const id = (name: string) => `${name}-${world}`;
  const call = (type: string, days: number, body: object): Sent => ({
    kind: 'call',
    body: { type, messageId: id(`${type} ${JSON.stringify(body)}`), timestamp: on(days), ...body },
  });
  const user = (name: string) => (name.startsWith('anon') ? { anonymousId: id(name) } : { userId: id(name) });
  const track = (name: string, days: number, groupId?: string) =>
    call('track', days, {
      ...user(name),
      event: 'Opened',
      ...(groupId && { context: { groupId: id(groupId) } }),
    });
  const alias = (from: string, to: string, days: number) =>
    call('alias', days, { previousId: id(from), userId: id(to) });
  const contact = (name: string, body: object): Sent => ({
    kind: 'contacts',
    body: { id: id(name), ...body },
  });
  return [
    call('group', -30, { userId: id('real'), groupId: id('home') }),
    alias('anon-1', 'temp', -20),
    alias('temp', 'real', -19),
    // Whichever of these three comes last is refused.
    alias('real', 'anon-1', -18),
    call('identify', -17, { userId: id('real'), anonymousId: id('anon-2'), traits: { name: 'Real' } }),
    // Makes a second contact of the same person where it comes before the aliases.
    call('identify', -16, { userId: id('temp'), traits: { name: 'Temp' } }),
    ...['anon-1', 'anon-2', 'temp', 'real'].map((name, n) => track(name, -3 * n)),
    track('temp', -2, 'home'),
    call('group', -30, { userId: id('mover'), groupId: id('home') }),
    call('identify', -25, { userId: id('mover'), context: { groupId: id('home') } }),
    call('group', -15, { userId: id('mover'), groupId: id('other') }),
    call('identify', -12, { userId: id('mover'), context: { groupId: id('other') } }),
    track('mover', -20, 'home'),
    track('mover', -1, 'other'),
    contact('C', {
      accountId: id('home'),
      userIds: [id('k1'), id('k2')],
      role: 'champion',
      effectiveAt: on(-40),
    }),
    track('k1', -8, 'home'),
    track('k2', -1, 'home'),
    {
      kind: 'subscriptions',
      body: { id: id('S'), accountId: id('home'), startedAt: on(-40), seats: 10, mrr: 100, currency: 'USD' },
    },
  ];
}

describe(`${FeaturesRepository.name}: people`, () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({}, { features: IntakeModule });
  });
  afterAll(() => app.stop());

  const send = async (path: string, body: object) => {
    const { status, text } = await client(app).call('POST', path, body);
    if (status >= 300) throw new Error(`${path}: ${text}`);
  };

  it(`are counted once and equally in ${ORDERS} orders of their facts, a tenth of them repeated`, async () => {
    // Each world has its own order. A step sends the next fact of every world.
    const orders = Array.from({ length: ORDERS }, (_, world) => {
      const all = facts(world);
      const repeated = all
        .slice(0, Math.ceil(all.length / 10))
        .map((_, i) => all[(world * 7 + i * 5) % all.length]);
      const sent = [...all, ...repeated].filter((fact) => fact !== undefined);
      return (
        fc.sample(fc.shuffledSubarray(sent, { minLength: sent.length }), { numRuns: 1, seed: world })[0] ?? []
      );
    });
    const steps = Math.max(...orders.map((order) => order.length));
    for (let step = 0; step < steps; step++) {
      const next = orders.flatMap((order) => order[step] ?? []);
      const of = (kind: Sent['kind']) => next.filter((fact) => fact.kind === kind).map(({ body }) => body);
      for (const kind of ['contacts', 'subscriptions'] as const)
        if (of(kind).length > 0) await send(`/v1/imports/${kind}`, of(kind));
      if (of('call').length > 0) await send('/v1/batch', { batch: of('call') });
    }
    await app.app.get(RollUpService, { strict: false }).drain();
    expect(await app.dataSource.query('SELECT kind, ref, problem FROM quarantine LIMIT 5')).toEqual([]);

    const sut = new FeaturesRepository(loadSettings({}), new Clock());
    const names = new Map(
      (
        await app.dataSource.query<{ id: string; account_id: number }[]>('SELECT id, account_id FROM account')
      ).map((row) => [row.account_id, row.id]),
    );
    const found = new Map<string, Set<string>>();
    for (const { accountId, features } of await sut.features(app.dataSource.manager, DAY)) {
      const [name = ''] = (names.get(accountId) ?? '').split('-');
      const { activeUsers28, licenceUse28, licenceUse7, contactsActive28, championActive28, events28 } =
        features;
      const counts = {
        activeUsers28,
        licenceUse28,
        licenceUse7,
        contactsActive28,
        championActive28,
        events28,
      };
      found.set(name, (found.get(name) ?? new Set()).add(JSON.stringify(counts)));
    }
    const once = (counts: object) => new Set([JSON.stringify(counts)]);
    expect(Object.fromEntries(found)).toEqual({
      home: once({
        activeUsers28: 3,
        licenceUse28: 0.3,
        licenceUse7: 0.2,
        contactsActive28: 3,
        championActive28: 1,
        events28: 8,
      }),
      other: once({
        activeUsers28: 1,
        licenceUse28: null,
        licenceUse7: null,
        contactsActive28: 1,
        championActive28: null,
        events28: 1,
      }),
    });
  }, 1_200_000);
});
