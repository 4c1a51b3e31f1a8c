import { decodeCursor, encodeCursor } from './cursor.js';

describe(decodeCursor.name, () => {
  const secret = Buffer.alloc(32, 1);

  it('returns what was encoded', () => {
    expect(decodeCursor(secret, encodeCursor(secret, ['accounts', 'Ä-1', null]))).toEqual([
      'accounts',
      'Ä-1',
      null,
    ]);
  });

  it('rejects a cursor with any character changed, added or removed', () => {
    const cursor = encodeCursor(secret, ['x', 1]);
    const altered = [...cursor].flatMap((char, at) => [
      cursor.slice(0, at) + (char === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
      cursor.slice(0, at),
      `${cursor.slice(0, at)}.${cursor.slice(at)}`,
    ]);
    for (const one of altered) expect(() => decodeCursor(secret, one)).toThrow('Invalid cursor');
  });

  it('rejects a cursor of another installation', () => {
    expect(() => decodeCursor(Buffer.alloc(32, 2), encodeCursor(secret, 1))).toThrow('Invalid cursor');
  });
});
