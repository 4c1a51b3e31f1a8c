import type { ChurnRisk } from '../model/churn-risk.js';
import { DEFAULT_CARDS } from '../model/default-cards.js';
import { evaluate } from '../model/evaluate.js';
import type { FeatureValues } from '../model/scored-account.js';
import type { UnpackedScore } from './packed-score.js';
import { topReasons } from './top-reasons.js';

const [CARD] = DEFAULT_CARDS;
const scored = (features: FeatureValues, status: UnpackedScore['status'] = 'active'): UnpackedScore => {
  const account = { features, status, tier: 'smb', stage: null };
  const { score, ...evaluation } = evaluate(CARD, account);
  return { ...account, ...evaluation, health: score } as unknown as UnpackedScore;
};
const learned = (...foremost: string[]): ChurnRisk =>
  ({ foremost: () => foremost.map((feature) => ({ feature, contribution: 1_000 })) }) as unknown as ChurnRisk;
const MIXED = { daysSinceLastUse: 21, csat90: 4.9, nps: 3, mrrChange180: -12, seats: 2 };

const texts = (...given: Parameters<typeof topReasons>): string[] =>
  topReasons(...given).map(({ text }) => text);

describe(topReasons.name, () => {
  it('includes the machine-readable form of each reason', () => {
    expect(
      topReasons(CARD, scored({ ...MIXED, noticeGiven: 1 }, 'leaving'), learned('seats', 'activeDays28')),
    ).toEqual([
      {
        of: 'status',
        feature: 'noticeGiven',
        value: 1,
        contribution: null,
        code: 'noticeGiven',
        text: 'notice given',
      },
      { of: 'churnRisk', feature: 'seats', value: 2, contribution: 0.1, code: 'seats', text: '2 seats' },
      expect.objectContaining({
        of: 'churnRisk',
        value: null,
        contribution: 0.1,
        code: 'activeDays28.unknown',
      }),
    ]);
    expect(topReasons(CARD, scored({ daysSinceLastUse: 40 }), null)[0]).toMatchObject({
      of: 'health',
      feature: 'daysSinceLastUse',
      value: 40,
      code: 'daysSinceLastUse',
      contribution: expect.any(Number),
    });
  });

  it('lists what raises a learned risk, then what lowers health, without repeats', () => {
    const risk = learned('seats', 'activeDays28');
    expect(texts(CARD, scored({ ...MIXED, activeDays28: 3 }), risk)).toEqual([
      '2 seats',
      'used on 3 of the last 28 days',
      'MRR down 12% over 180 days',
    ]);
  });

  it('uses the scorecard when the risk is its judgment', () => {
    const risk = { foremost: null } as ChurnRisk;
    expect(texts(CARD, scored(MIXED), risk)).toEqual([
      'no usage for 21 days',
      'MRR down 12% over 180 days',
      'latest NPS score 3 of 10',
    ]);
  });

  it('gives positive reasons only for an account without negative ones', () => {
    expect(texts(CARD, scored({ csat90: 4.9, mrrChange180: -12 }), null)).toEqual([
      'MRR down 12% over 180 days',
    ]);
    expect(texts(CARD, scored({ csat90: 4.9 }), learned())).toEqual(['support CSAT 4.9 of 5 over 90 days']);
  });

  it('starts with a near notice deadline when there are negative reasons', () => {
    const told = (daysToNotice: number, ...raising: string[]) =>
      texts(CARD, scored({ ...MIXED, daysToNotice, daysToRenewal: 80 }), learned(...raising));
    expect(told(30)).toEqual([
      'notice deadline in 30 days',
      'no usage for 21 days',
      'MRR down 12% over 180 days',
    ]);
    expect(told(0)[0]).toBe('last day to give notice');
    expect(told(31)[0]).toBe('no usage for 21 days');
    expect(told(9, 'daysToRenewal')).toEqual([
      'notice deadline in 9 days',
      'no usage for 21 days',
      'MRR down 12% over 180 days',
    ]);
    expect(texts(CARD, scored({ csat90: 4.9, daysToNotice: 9 }), learned())).toEqual([
      'support CSAT 4.9 of 5 over 90 days',
    ]);
  });

  it('starts with the end date of a leaving account', () => {
    const noticed = texts(CARD, scored({ ...MIXED, noticeGiven: 1 }, 'leaving'), null);
    expect(noticed).toHaveLength(3);
    expect(noticed[0]).toBe('notice given');
    expect(new Set(noticed).size).toBe(3);
    const ended = texts(CARD, scored({ ...MIXED, noticeGiven: 0 }, 'leaving'), null);
    expect(ended[0]).toBe('last subscription ended');
  });
});
