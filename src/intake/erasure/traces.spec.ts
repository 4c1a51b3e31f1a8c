import { searchTexts, Traces } from './traces.js';

describe(searchTexts.name, () => {
  it.each<[string, string[], string[], boolean, unknown]>([
    ['a short id only as a whole string', ['7'], [], true, { seats: '7' }],
    ['not within a number', ['7'], [], false, { seats: 47, n: 7 }],
    ['not within a word', ['7'], [], false, { seats: '47' }],
    ['as a key', ['7'], [], true, { 7: 1 }],
    ['with what JSON escapes', ['a"b\\\n'], [], true, ['a"b\\\n']],
    ['an address within a text', ['Kim@acme.example'], [], true, { text: 'ask KIM@acme.example' }],
    ['a full name within a text', [], ['Kim Lee'], true, [['by kim lee']]],
    ['a single name only as a whole', [], ['Kim'], false, { text: 'Kim said' }],
  ])('%s', (_, ids, called, found, value) => {
    const names = { ids, called };
    const text = JSON.stringify(value).toLowerCase();
    expect(searchTexts(names).some((one) => text.includes(one))).toBe(found);
    expect(new Traces(names).inJson(value)).toBe(found);
  });
});
