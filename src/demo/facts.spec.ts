import { factsOf, type Fact, type Simulation } from './facts.js';
import { profileOf } from './profile.js';

const START = '2026-01-01';
const simulation = (until: string): Simulation => ({
  seed: 7,
  start: START,
  until: new Date(until),
  currency: 'USD',
});
const all = Array.from({ length: 24 }, (_, i) => profileOf(7, i));

describe(factsOf.name, () => {
  it('tells the same again, and more, when more time has passed', () => {
    for (const profile of all) {
      const before = factsOf(profile, simulation('2026-07-10T13:00:00Z'));
      const after = factsOf(profile, simulation('2026-08-20T09:30:00Z'));
      const events = new Map(after.events.map((event) => [event.messageId, event]));
      expect(before.events.map(({ messageId }) => events.get(messageId))).toEqual(before.events);
      expect(after.accounts).toEqual(before.accounts);
      // What was open may have ended since; what was said stays.
      const later = new Map([...after.subscriptions, ...after.tickets].map((fact) => [keyOf(fact), fact]));
      for (const fact of [...before.subscriptions, ...before.tickets]) {
        expect(later.get(keyOf(fact))).toMatchObject(said(fact));
      }
    }
  });

  it('tells nothing that lies ahead', () => {
    const until = new Date('2026-07-10T13:00:00Z');
    const dates = all
      .map((profile) => factsOf(profile, simulation(until.toISOString())))
      .flatMap(({ tickets, events, subscriptions }) => [...tickets, ...events, ...subscriptions])
      .flatMap((fact) => Object.values(fact))
      .filter((value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value));
    expect(dates.length).toBeGreaterThan(5_000);
    expect(dates.filter((value) => new Date(String(value)) > until)).toEqual([]);
  });

  it('gives each fact an id of its own', () => {
    const events = all.flatMap((profile) => factsOf(profile, simulation('2026-07-10T00:00:00Z')).events);
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(events.length);
  });

  it('says nothing of an account that is not there yet', () => {
    const later = all.find(({ since }) => since > 20);
    if (!later) throw new Error('none begins later');
    expect(factsOf(later, simulation('2026-01-05T00:00:00Z')).accounts).toEqual([]);
  });
});

describe(profileOf.name, () => {
  it('gives each account an id and a name of its own', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => profileOf(7, i));
    expect(new Set(many.map(({ id }) => id)).size).toBe(1_000);
    expect(new Set(many.map(({ name }) => name)).size).toBe(1_000);
  });

  it('draws another company from another seed', () => {
    expect(profileOf(8, 3)).not.toEqual(profileOf(7, 3));
  });
});

const keyOf = ({ id, effectiveAt }: Fact): string => `${String(id)} ${String(effectiveAt)}`;
/** But for what notice changes in the first statement. */
const said = ({ autoRenew: _, ...fact }: Fact): Fact =>
  Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined));
