import { KEY_PATTERN, keyIdOf, makeKey } from './key-format.js';

describe(makeKey.name, () => {
  it('makes unique keys that contain their own id', () => {
    const keys = Array.from({ length: 200 }, makeKey);
    for (const { id, key } of keys) {
      expect(key).toMatch(KEY_PATTERN);
      expect(keyIdOf(key)).toBe(id);
    }
    expect(new Set(keys.map(({ key }) => key)).size).toBe(200);
  });
});

describe(keyIdOf.name, () => {
  it('detects any single mistyped character and a truncated key', () => {
    const { key } = makeKey();
    const wrong = [...key].flatMap((char, at) => [
      key.slice(0, at) + (char === 'x' ? 'y' : 'x') + key.slice(at + 1),
      key.slice(0, at),
    ]);
    expect(wrong.filter((typed) => keyIdOf(typed) !== null)).toEqual([]);
  });
});
