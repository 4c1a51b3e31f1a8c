import { joinTexts, separable } from './column-parameters.js';

describe(joinTexts.name, () => {
  it('keeps empty and absent elements apart', () =>
    expect(joinTexts(['a', undefined, '', 'b'])).toBe('a\x1e\x1f\x1e\x1eb'));
  it('is null when nothing is there', () => expect(joinTexts([undefined, undefined])).toBeNull());
});

describe(separable.name, () => {
  it('leaves a text in one piece, whatever it holds', () =>
    expect(joinTexts([separable('a\x1eb\x1f'), separable(undefined)])).toBe('ab\x1e\x1f'));
});
