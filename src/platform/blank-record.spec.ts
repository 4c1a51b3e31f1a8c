import { blankRecord } from './blank-record.js';

describe(blankRecord.name, () => {
  it('makes a new object each time, with the keys in order', () => {
    const sut = blankRecord(['b', 'a']);
    const first = sut();
    expect(Object.entries(first)).toEqual([
      ['b', null],
      ['a', null],
    ]);
    expect(sut()).not.toBe(first);
  });

  it('treats __proto__ as an ordinary key', () => {
    expect(Object.keys(blankRecord(['__proto__'])())).toEqual(['__proto__']);
  });
});
