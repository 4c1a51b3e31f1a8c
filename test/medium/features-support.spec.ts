import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';

const DAY = '2024-12-31';
const END = '2025-01-01T00:00:00Z';
const LAST = '2024-12-31T23:59:59.999Z';
/** The first instant of the last 90 days, and the one before it. */
const FROM = '2024-10-03T00:00:00Z';
const BEFORE = '2024-10-02T23:59:59.999Z';

describe(`${FeaturesRepository.name}: support`, () => {
  let bench: FeaturesBench;

  beforeAll(async () => {
    bench = await openFeatures();
  });
  afterAll(() => bench.close());

  const withTickets = async (...tickets: object[]) => {
    const account = await bench.facts.account();
    await bench.facts.subscription(account, { seats: 10 });
    for (const fields of tickets) await bench.facts.ticket(account, { ...fields });
    return bench.of(account, DAY);
  };

  it('counts open and urgent tickets', async () => {
    expect(
      await withTickets(
        { opened_at: LAST },
        { opened_at: END, priority: 'urgent' },
        { priority: 'urgent', resolved_at: END },
        { priority: 'urgent', resolved_at: LAST },
        { priority: 'urgent', resolved_at: '2024-12-01', reopened_at: ['2024-12-02'] },
      ),
    ).toMatchObject({ openTickets: 3, openUrgent: 2 });
    expect(await withTickets()).toMatchObject({ openTickets: 0, openUrgent: 0 });
  });

  it('divides the tickets of 90 days by the seats', async () => {
    expect(
      await withTickets({ opened_at: FROM }, { opened_at: BEFORE }, { opened_at: LAST }, { opened_at: END }),
    ).toMatchObject({
      ticketsPerSeat90: 0.2,
    });
    const seatless = await bench.facts.account();
    await bench.facts.ticket(seatless, { opened_at: FROM });
    expect((await bench.of(seatless, DAY)).ticketsPerSeat90).toBeNull();
  });

  it('uses the median time to first response and to resolution', async () => {
    const opened_at = '2024-12-01T00:00:00Z';
    expect(
      await withTickets(
        { opened_at, first_response_at: '2024-12-01T01:00:00Z', resolved_at: '2024-12-01T10:00:00Z' },
        { opened_at, first_response_at: '2024-12-01T02:00:00Z', resolved_at: END },
        { opened_at, first_response_at: '2024-12-01T06:30:00Z', resolved_at: '2024-12-02T00:00:00Z' },
        { opened_at, first_response_at: '2024-11-30T00:00:00Z', resolved_at: '2024-11-30T00:00:00Z' },
        { opened_at, first_response_at: END },
        // Only the status said that it was resolved, so the time is unknown.
        { opened_at, resolved_at: opened_at },
        { opened_at: '2024-09-01', first_response_at: BEFORE, resolved_at: BEFORE },
      ),
    ).toMatchObject({ firstResponseHours90: 2, resolutionHours90: 17 });
    expect(await withTickets({ opened_at })).toMatchObject({
      firstResponseHours90: null,
      resolutionHours90: null,
    });
  });

  it('measures the first response from the reopening it answers', async () => {
    // A bot resolved it after 5 minutes; the customer reopened it four days later.
    const ticket = { opened_at: '2024-12-02T09:00:00Z', resolved_at: '2024-12-02T09:05:00Z' };
    const first_response_at = '2024-12-06T14:10:00Z';
    const later = '2024-12-06T15:00:00Z';
    const reopened = {
      ...ticket,
      first_response_at,
      reopened_at: ['2024-12-05T00:00:00Z', '2024-12-06T14:00:00Z', later],
    };
    expect(await withTickets(reopened)).toMatchObject({
      firstResponseHours90: 0.17,
      firstResponseFromOpeningHours90: 101.17,
    });
    expect(await withTickets({ ...ticket, first_response_at, reopened_at: [later] })).toMatchObject({
      firstResponseHours90: 101.17,
      firstResponseFromOpeningHours90: 101.17,
    });
  });

  it.each([
    ['after it was resolved', '2024-12-12', ['2024-12-20'], 1, 12],
    ['before it was resolved', '2024-12-22', ['2024-12-20'], 0, 0],
    ['at the time at which it was resolved', '2024-12-20', ['2024-12-20'], 0, 0],
    ['twice after it was resolved', '2024-12-12', ['2024-12-20', '2024-12-24'], 1, 12],
    ['where the resolution is no longer told', null, ['2024-12-20', '2024-12-24'], 1, 8],
    ['later than the day', '2024-12-12', [END], 0, 0],
  ])('has an open urgent ticket that was reopened %s', async (_, resolved, reopened, openUrgent, days) => {
    const opened = { priority: 'urgent', opened_at: '2024-12-10' };
    expect(await withTickets({ ...opened, resolved_at: resolved, reopened_at: reopened })).toMatchObject({
      openUrgent,
      oldestUrgentDays: days,
    });
  });

  it.each([
    ['escalated at the edge', { escalated_at: FROM }, 1],
    ['escalated earlier', { escalated_at: BEFORE }, 0],
    ['escalated later', { escalated_at: END }, 0],
    ['reopened twice', { reopened_at: [FROM, LAST] }, 1],
    ['reopened and escalated', { reopened_at: [LAST], escalated_at: LAST }, 1],
    ['reopened earlier', { reopened_at: [BEFORE, END] }, 0],
  ])('counts a ticket %s', async (_, fields, expected) => {
    expect((await withTickets({ opened_at: '2024-09-01', ...fields })).reopenedEscalated90).toBe(expected);
  });
});
