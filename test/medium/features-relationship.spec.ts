import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';

const DAY = '2024-12-31';
const END = '2025-01-01T00:00:00Z';
const LAST = '2024-12-31T23:59:59.999Z';

describe(`${FeaturesRepository.name}: relationship`, () => {
  let bench: FeaturesBench;

  beforeAll(async () => {
    bench = await openFeatures();
  });
  afterAll(() => bench.close());

  const account = () => bench.facts.account();
  const survey = (accountId: number, score: number | null, answered_at: string | null, fields: object = {}) =>
    bench.facts.record('survey', accountId, { kind: 'nps', score, answered_at, ...fields });

  it('uses the newest NPS within 180 days and the change for the same contact', async () => {
    const id = await account();
    await survey(id, 9, '2024-07-04T23:59:59Z', { contact_id: 'C' });
    expect(await bench.of(id, DAY)).toMatchObject({ nps: null, npsChange: null });
    await survey(id, 3, '2024-07-05', { contact_id: 'D' });
    expect(await bench.of(id, DAY)).toMatchObject({ nps: 3, npsChange: null });
    await survey(id, 4, LAST, { contact_id: 'C' });
    await survey(id, 10, END, { contact_id: 'C' });
    await survey(id, null, LAST);
    await survey(id, 1, LAST, { kind: 'csat' });
    expect(await bench.of(id, DAY)).toMatchObject({ nps: 4, npsChange: -5 });
  });

  it("uses the CSM's newest judgment within 90 days", async () => {
    const id = await account();
    await survey(id, 5, '2024-10-02T23:59:59Z', { kind: 'sentiment' });
    expect((await bench.of(id, DAY)).csmSentiment).toBeNull();
    await survey(id, 2, '2024-10-03', { kind: 'sentiment' });
    await survey(id, 4, END, { kind: 'sentiment' });
    expect((await bench.of(id, DAY)).csmSentiment).toBe(2);
  });

  it("uses the lowest of the sponsors' newest answers within 60 days", async () => {
    const id = await account();
    for (const contact of ['S1', 'S2', 'S3'])
      await bench.facts.record('contact', id, { id: contact, role: 'sponsor' });
    await bench.facts.record('contact', id, { id: 'U', role: 'user' });
    await survey(id, 1, LAST, { contact_id: 'U' });
    await survey(id, 2, '2024-11-01T23:59:59Z', { contact_id: 'S3' });
    expect((await bench.of(id, DAY)).sponsorNps60).toBeNull();
    await survey(id, 3, '2024-11-02', { contact_id: 'S1' });
    await survey(id, 8, '2024-11-03', { contact_id: 'S1' });
    await survey(id, 7, LAST, { contact_id: 'S2' });
    expect((await bench.of(id, DAY)).sponsorNps60).toBe(7);
  });

  it("counts days since the customer's last reply", async () => {
    const id = await account();
    const activity = (fields: object) => bench.facts.record('activity', id, { kind: 'call', ...fields });
    await activity({ at: LAST, two_way: false });
    await activity({ at: LAST });
    await activity({ at: END, two_way: true });
    expect((await bench.of(id, DAY)).daysSinceTwoWay).toBeNull();
    await activity({ at: '2024-12-21T23:00:00Z', two_way: true });
    await activity({ at: '2024-12-01', two_way: true });
    expect((await bench.of(id, DAY)).daysSinceTwoWay).toBe(10);
    expect((await bench.of(id, '2025-01-01')).daysSinceTwoWay).toBe(0);
  });

  it('counts milestones once they are late or done', async () => {
    const id = await account();
    const milestone = (fields: object) => bench.facts.record('milestone', id, { name: 'm', ...fields });
    const seen = async () => {
      const { milestonesLate, milestoneLateDays, milestonesDoneShare, firstValueDone } = await bench.of(
        id,
        DAY,
      );
      return [milestonesLate, milestoneLateDays, milestonesDoneShare, firstValueDone];
    };
    await milestone({ due_at: END });
    await milestone({ name: 'first_value' });
    expect(await seen()).toEqual([null, null, null, null]);
    await milestone({ due_at: '2025-02-01', done_at: LAST });
    expect(await seen()).toEqual([0, 0, 1, null]);
    await milestone({ name: 'first_value', due_at: '2024-12-31T00:00:00Z' });
    expect(await seen()).toEqual([0, 0, 1, null]);
    await milestone({ name: 'first_value', due_at: '2024-12-30T23:59:59.999Z' });
    expect(await seen()).toEqual([1, 1, 0.5, 0]);
    await milestone({ due_at: '2024-12-22', done_at: END });
    expect(await seen()).toEqual([2, 9, 0.333, 0]);
    await milestone({ name: 'first_value', done_at: LAST });
    expect(await seen()).toEqual([2, 9, 0.5, 1]);
  });
});
