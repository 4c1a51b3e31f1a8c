import { CATALOGUE } from '../../scoring/model/catalogue/catalogue.js';
import { problemsWith, withChanged } from './changed-features.js';

const KNOWN = [...CATALOGUE, { key: 'trait.a/b', unit: "the sender's own" }];

describe(problemsWith.name, () => {
  it('lets numbers and null through', () => {
    expect(problemsWith({ licenceUse28: 0.8, nps: null, usageTrend28: -300 }, KNOWN)).toEqual([]);
  });

  it.each([
    ['a feature that is not known', { licenceUse: 1 }, '/features/licenceUse', 'unknown_field'],
    ['a text', { nps: '9' }, '/features/nps', 'wrong_type'],
    ['a number that is none', { nps: Infinity }, '/features/nps', 'wrong_type'],
    ['an answer above the scale', { nps: 11 }, '/features/nps', 'out_of_range'],
    ['a rating below the scale', { csat90: 0 }, '/features/csat90', 'out_of_range'],
    ['a judgement above the scale', { csmSentiment: 6 }, '/features/csmSentiment', 'out_of_range'],
    ['days below 0', { overdueDays: -1 }, '/features/overdueDays', 'out_of_range'],
    ['a count below 0', { openTickets: -1 }, '/features/openTickets', 'out_of_range'],
    ['more days than there are', { activeDays7: 8 }, '/features/activeDays7', 'out_of_range'],
    ['percent in place of a share', { licenceUse28: 80 }, '/features/licenceUse28', 'out_of_range'],
    ['a rank above all', { usagePercentile: 1.1 }, '/features/usagePercentile', 'out_of_range'],
    ['half a yes', { championLost: 0.5 }, '/features/championLost', 'out_of_range'],
    ['what the status follows from', { noticeGiven: 1 }, '/features/noticeGiven', 'not_allowed'],
    ['a name with a slash', { 'trait.a/b': true }, '/features/trait.a~1b', 'wrong_type'],
    ['a number beyond reason', { 'trait.a/b': 1e9 }, '/features/trait.a~1b', 'out_of_range'],
    ['a name of every object', { constructor: 1 }, '/features/constructor', 'unknown_field'],
  ])('names the place of %s', (_, given, pointer, code) => {
    expect(problemsWith(given, KNOWN)).toEqual([expect.objectContaining({ pointer, code })]);
  });
});

describe(withChanged.name, () => {
  it('rounds as a run does, and leaves the others as they were', () => {
    const stored = { licenceUse28: 0.2, nps: 9, overdueDays: 3 };
    expect(withChanged(stored, { licenceUse28: 0.123456789, nps: null })).toEqual({
      features: { licenceUse28: 0.123, nps: null, overdueDays: 3 },
      along: {},
    });
  });

  it('takes along what comes of the same facts', () => {
    const { features, along } = withChanged({ overdueDays: 36.5, overdueInvoices: 2 }, { overdueDays: 0.01 });
    expect(features).toEqual({ overdueDays: 0, overdueInvoices: 0 });
    expect(along).toEqual({ overdueInvoices: 0 });
  });
});
