import { evidenceText } from './evidence-text.js';

const EVIDENCE = {
  dimension: 'use',
  feature: 'logins',
  from: 20,
  to: 30,
  se: 4,
  churned: 12,
  meanLeft: 41.4,
  meanStayed: 62.7,
};

describe(evidenceText.name, () => {
  it.each([
    [{}, '12 churned accounts averaged 41 of 100, retained accounts 63; weight from 20 to 30'],
    [{ to: 20 }, '12 churned accounts averaged 41 of 100, retained accounts 63'],
    [
      { to: 0 },
      '12 churned accounts averaged 41 of 100, retained accounts 63: adds nothing to the other measures, dropped',
    ],
    [
      { se: null, to: 20 },
      '12 churned accounts averaged 41 of 100, retained accounts 63: too little evidence, weight kept',
    ],
    [
      { to: 10 },
      '12 churned accounts averaged 41 of 100, retained accounts 63, partly covered by other measures; weight from 20 to 10',
    ],
    [{ se: null, to: 20, meanLeft: null, churned: 0 }, 'unknown for all churned accounts: weight kept'],
    [
      { se: null, from: 7.2, to: 7, meanStayed: null },
      'unknown for all retained accounts: weight rounded from 7.2 to 7',
    ],
    [
      { se: null, from: 0.3, to: 0, meanLeft: null },
      'unknown for all churned accounts: weight 0.3 rounds to 0',
    ],
  ])('says of %j: %s', (fields, text) => expect(evidenceText({ ...EVIDENCE, ...fields })).toBe(text));
});
