import { MAX_DEPTH, storableProblem } from './storable.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe(storableProblem.name, () => {
  it.each([
    [null],
    ['plain'],
    ['emoji 😀 and ￿'],
    [1e300],
    [{ a: [{ b: 'x' }], ключ: true, constructor: 1 }],
    [nested(MAX_DEPTH)],
  ])('accepts %p', (value) => {
    expect(storableProblem(value)).toBeNull();
  });

  it.each([
    ['a\0b', 'malformed', undefined],
    ['\ud83d', 'malformed', undefined],
    [{ a: ['x', { 'b/c~d': '\udc00' }] }, 'malformed', '/a/1/b~1c~0d'],
    [{ 'k\0': 1 }, 'malformed', undefined],
    [{ a: { '\ud800': 1 } }, 'malformed', '/a'],
    [JSON.parse('{"a": {"__proto__": {"admin": true}}}'), 'not_allowed', '/a'],
    [JSON.parse('{"a": 1e999}'), 'out_of_range', '/a'],
  ])('rejects %j, naming the place', (value, code, pointer) => {
    const problem = storableProblem(value);
    expect(problem?.code).toBe(code);
    expect(problem?.pointer).toBe(pointer);
  });

  it('rejects one level too many', () => {
    expect(storableProblem(nested(MAX_DEPTH + 1))?.code).toBe('too_deep');
  });

  it('does not exhaust the stack on very deep input', () => {
    let value: unknown = 1;
    for (let level = 0; level < 1_000_000; level++) value = { a: value };
    expect(storableProblem(value)?.code).toBe('too_deep');
  });

  it('does not repeat a very long key in the pointer', () => {
    expect(storableProblem({ a: { ['k'.repeat(10_000)]: '\0' } })?.pointer).toBe('/a');
  });
});
