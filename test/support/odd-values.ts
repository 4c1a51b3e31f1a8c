/** Raw JSON text that JSON.stringify cannot produce. */
class Raw {
  constructor(readonly text: string) {}
}

const MARK = '\u0001raw:';

export const isRaw = (value: unknown): boolean => value instanceof Raw;

/** Serializes to JSON with the raw texts inserted. */
export function bodyText(value: unknown): string {
  const text =
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof Raw ? MARK + inner.text : inner)) ?? '';
  return text.replace(
    /"\\u0001raw:((?:[^"\\]|\\.)*)"/g,
    (_, raw: string) => JSON.parse(`"${raw}"`) as string,
  );
}

/** Invalid and extreme instants. */
export const DATES = [
  '2026-01-01', '2026-02-30', '2099-W01-1', '2099-01-01T10', '20990101', '2026-01', '2026-01-01T25:00:00Z', '2026-01-01T00:00:00+99:99', '1900-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '-000001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z', '10000-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', 'infinity', '-infinity', 'NaN', 'now', 'epoch',
]; // prettier-ignore

export const TEXTS = [
  ...DATES,
  '', ' ', '\0', 'a\0b', '\ud800', '\udfff\ud800', '\u202e', '\ufeff', '\r\n', '😀', 'e\u0301', 'x'.repeat(300), 'x'.repeat(20_000), '\\N', '{}', '{"a"}', '%s%n',
  "'; DROP TABLE account --", '../../etc', 'none', 'default', 'null', '__proto__', 'A-1', 'A-2', '-1', '1e5', 'Infinity',
]; // prettier-ignore

export const NUMBERS: unknown[] = [
  0, -0, -1, 0.5, 1.5, 1e-300, 5e-324, 1e15, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, -(2 ** 63), 1e19, 1e308,
  new Raw('1e400'), new Raw('-1e400'), new Raw(`1${'0'.repeat(400)}`), new Raw(`0.${'0'.repeat(400)}1`), new Raw('1E+2'),
]; // prettier-ignore

/** Values of any type. */
export const VALUES: unknown[] = [
  null, true, false, [], {}, [null], [[]], [{}], ['A-1'], ['A-1', 'A-1'], { 'a.b': 1 }, { groupId: 'A-1' }, { length: -1 }, { toString: 1 }, { $date: 1 },
  new Raw('{"a":1,"a":2}'), new Raw('{"__proto__":{"a":1}}'), new Raw('{"constructor":{"prototype":{}}}'), new Raw('NaN'), new Raw('01'), new Raw('{"a":1,}'),
  new Raw('['.repeat(25) + ']'.repeat(25)), Array.from({ length: 1_001 }, (_, i) => i), Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i])),
  ...NUMBERS, ...TEXTS,
]; // prettier-ignore

/** Names of unknown members. */
export const NAMES = [
  'unknown',
  '__proto__',
  'constructor',
  'toString',
  'a/b~c',
  'a.b',
  '',
  ' ',
  '\0',
  '\ud800',
  '$ref',
  'id',
  'accountId',
  'x'.repeat(300),
];

const ENCODED = [
  '%00', '%ff', '%ED%A0%80', '%F0%9F%98%80', '%20', '%0d%0a', '+', "'", '%27%3B--', '..%2f..', '%25', '%', '%zz', '-1', '0', '1', '1.5', '1e9', '2147483648',
  '9223372036854775807', '9223372036854775808', '99999999999999999999', 'NaN', 'null', 'undefined', '__proto__', 'none', 'default', 'latest', 'A-1', '2026-02-30', 'x'.repeat(256), 'x'.repeat(3_000),
]; // prettier-ignore

/** Values of path parameters. */
export const PATH_TEXTS = [...ENCODED, '.', '..', '%2e%2e', '%2F', ';', 'a;b=c', 'a:b', 'import'];

export const QUERY_TEXTS = [
  ...ENCODED, '', '1001', '1000', '90', '30', 'true', 'TRUE', 'a,b', ',', ',,,', 'a%5C,b', Array.from({ length: 60 }, (_, i) => `v${i}`).join(','), 'red', 'name', '-name', '-',
  '2026-01-01', '2026-1-1', '1900-01-01', '9999-12-31', '2026-01-01T00:00:00Z', '%2B275760-09-13', 'WyJhY2NvdW50cyIsMV0', 'WyJhY2NvdW50cyIsMV0.AAAA', 'eyJ9', '=', '%3D', '&', '%26',
]; // prettier-ignore
