import { joinTexts, separable } from './column-parameters.js';

describe(joinTexts.name, () => {
  it('distinguishes empty from absent elements', () =>
    expect(joinTexts(['a', undefined, '', 'b'])).toBe('a\x1e\x1f\x1e\x1eb'));
  it('is null when all elements are absent', () => expect(joinTexts([undefined, undefined])).toBeNull());
});

describe(separable.name, () => {
  it('keeps any text in one piece', () =>
    expect(joinTexts([separable('a\x1eb\x1f'), separable(undefined)])).toBe('ab\x1e\x1f'));
});
