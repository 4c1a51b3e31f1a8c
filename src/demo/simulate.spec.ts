import 'reflect-metadata';
import { isDeepStrictEqual } from 'node:util';
import { EventReader } from '../intake/events/event-reader.js';
import { recordKinds } from '../intake/kinds/kinds.js';
import { RecordReader } from '../intake/records/record-document.js';
import { isoDay } from './calendar.js';
import type { Fact } from './facts/fact.js';
import { KINDS, simulate } from './simulate.js';
import type { SimulationOptions } from './scenario.js';

const options = (changed: Partial<SimulationOptions> = {}): SimulationOptions => ({
  seed: 7,
  accounts: 40,
  months: 6,
  until: new Date('2026-07-10T13:00:00Z'),
  ...changed,
});
const everything = (changed?: Partial<SimulationOptions>): Map<string, Fact[]> => {
  const { facts } = simulate(options(changed));
  return new Map(KINDS.map((kind) => [kind, [...facts(kind)]]));
};

// A company has tens of thousands of facts: they are compared in bulk, as an assertion for each takes most of the time.
describe(simulate.name, () => {
  let told: Map<string, Fact[]>;
  beforeAll(() => (told = everything()));

  it('is the same for the same seed and different for another', () => {
    expect(isDeepStrictEqual(everything(), told)).toBe(true);
    const other = simulate(options({ seed: 8 }));
    expect([...other.facts('accounts')]).not.toEqual(told.get('accounts'));
  });

  it('generates facts of every kind that intake accepts', () => {
    const readers = new Map(recordKinds().map((kind) => [kind.name as string, new RecordReader(kind)]));
    const events = new EventReader();
    for (const [kind, facts] of everything({ plantedLeak: true, treated: 0.2 })) {
      expect(facts.length).toBeGreaterThan(40);
      const reader = readers.get(kind);
      const read = facts.map((fact) =>
        reader ? reader.read(fact, { arrivedAt: 0, replaces: false }) : events.read(fact),
      );
      expect(read.filter((one) => !('input' in one))).toEqual([]);
    }
  });

  it('starts every record with a complete statement', () => {
    const readers = recordKinds().map((kind) => [kind.name, new RecordReader(kind)] as const);
    for (const [kind, reader] of readers) {
      const incomplete: Fact[] = [];
      const seen = new Set<unknown>();
      for (const fact of told.get(kind) ?? []) {
        const key = fact.id ?? `${String(fact.accountId)} ${String(fact.name)} ${String(fact.at)}`;
        if (!seen.has(key) && !('input' in reader.read(fact, { arrivedAt: 0, replaces: true })))
          incomplete.push(fact);
        seen.add(key);
      }
      expect(incomplete).toEqual([]);
    }
  });

  it('gives each event and each gauge reading a unique identity', () => {
    const ids = (told.get('events') ?? []).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    const readings = (told.get('gauges') ?? []).map(({ accountId, name, at }) =>
      [accountId, name, at].join(' '),
    );
    expect(new Set(readings).size).toBe(readings.length);
  });

  it('contains no future dates except planned ones', () => {
    const until = options().until.toISOString();
    const planned = new Set(['renewsAt', 'dueAt']);
    const dates = [...told.values()]
      .flat()
      .flatMap((fact) => Object.entries(fact))
      .filter(
        ([name, value]) =>
          typeof value === 'string' && /At$|^at$|^timestamp$/.test(name) && !planned.has(name),
      )
      .map(([, value]) => String(value));
    expect(dates.length).toBeGreaterThan(5_000);
    expect(dates.filter((date) => date > until)).toEqual([]);
  });

  it('continues the same history when until moves forward', () => {
    const start = '2026-01-01';
    const before = everything({ start });
    const after = everything({ start, until: new Date('2026-08-20T09:30:00Z') });
    const key = ({ id, messageId, effectiveAt, name, at, accountId }: Fact): string =>
      [messageId ?? id ?? accountId, effectiveAt, name, at].join(' ');
    for (const kind of KINDS) {
      const later = new Map((after.get(kind) ?? []).map((fact) => [key(fact), fact]));
      // What was open may have been resolved, paid or done since; what was said stays.
      const lost = (before.get(kind) ?? []).filter((fact) => {
        const same = later.get(key(fact));
        return !Object.entries(fact).every(
          ([name, value]) => value === undefined || isDeepStrictEqual(same?.[name], value),
        );
      });
      expect(lost).toEqual([]);
    }
  });

  it('gives a range of accounts the same facts as in the full run', () => {
    const { facts } = simulate(options());
    const all = [...facts('tickets')];
    expect([...facts('tickets', 0, 15), ...facts('tickets', 15, 40)]).toEqual(all);
    expect(new Set([...facts('accounts', 15, 18)].map(({ id }) => id)).size).toBeLessThanOrEqual(3);
  });

  it('counts events as summing them one by one does', () => {
    const sim = simulate(options());
    for (let index = 0; index < 40; index++) {
      const days = new Map<string, number>();
      const users = new Map<string, Set<string>>();
      for (const { timestamp, event, userId } of sim.facts('events', index, index + 1)) {
        const day = String(timestamp).slice(0, 10);
        days.set(`${day} ${String(event)}`, (days.get(`${day} ${String(event)}`) ?? 0) + 1);
        const month = `${day.slice(0, 7)} ${String(userId)}`;
        users.set(month, (users.get(month) ?? new Set()).add(day.slice(8)));
      }
      const counted = sim.usage(index);
      const counts = new Map(
        counted.days.map(({ day, event, events }) => [`${isoDay(day)} ${event}`, events]),
      );
      expect(isDeepStrictEqual(counts, days)).toBe(true);
      const daysOf = (bits: number): Set<string> =>
        new Set(
          Array.from({ length: 31 }, (_, place) => place)
            .filter((place) => (bits >> place) & 1)
            .map((place) => String(place + 1).padStart(2, '0')),
        );
      expect(
        new Map(
          counted.users.map((one) => [`${isoDay(one.month).slice(0, 7)} ${one.userId}`, daysOf(one.days)]),
        ),
      ).toEqual(users);
    }
    expect(sim.usage(3).days.length).toBeGreaterThan(100);
  });

  it('rejects sizes out of range', () => {
    expect(() => simulate(options({ accounts: 0 }))).toThrow(RangeError);
    expect(() => simulate(options({ months: 0.5 }))).toThrow(RangeError);
    expect(() => simulate(options({ start: '2026-01-02' }))).toThrow(RangeError);
    expect(() => simulate(options({ churned: 41 }))).toThrow(RangeError);
  });
});
