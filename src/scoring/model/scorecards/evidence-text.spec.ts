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
    [{}, '12 who left scored 41 of 100 on average, those who stayed 63; weight from 20 to 30'],
    [{ to: 20 }, '12 who left scored 41 of 100 on average, those who stayed 63'],
    [
      { to: 0 },
      '12 who left scored 41 of 100 on average, those who stayed 63: beside the other measures it tells nothing, it is left out',
    ],
    [
      { se: null, to: 20 },
      '12 who left scored 41 of 100 on average, those who stayed 63: that tells too little, it keeps its weight',
    ],
    [
      { to: 10 },
      '12 who left scored 41 of 100 on average, those who stayed 63: others say part of it; weight from 20 to 10',
    ],
    [{ se: null, to: 20, meanLeft: null, churned: 0 }, 'not known of anybody who left: it keeps its weight'],
    [
      { se: null, from: 7.2, to: 7, meanStayed: null },
      'not known of anybody who stayed: its weight is rounded from 7.2 to 7',
    ],
    [
      { se: null, from: 0.3, to: 0, meanLeft: null },
      'not known of anybody who left: of a weight of 0.3 nothing is left in whole percents',
    ],
  ])('says of %j: %s', (fields, text) => expect(evidenceText({ ...EVIDENCE, ...fields })).toBe(text));
});
