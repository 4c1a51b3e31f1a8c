import { takesOnly200 } from './client-library.js';

describe(takesOnly200.name, () => {
  const from = (name: unknown) => [{ type: 'track', context: { library: { name } } }];

  it.each<[string | undefined, unknown[], boolean]>([
    ['analytics-python/2.3.4', [], true],
    ['analytics-php/3.8.0', [], true],
    ['python-requests/2.32', from('analytics-python'), true],
    [undefined, from('analytics-php'), true],
    ['analytics-pythonic/1', from('analytics-node'), false],
    ['node', from('@segment/analytics-node'), false],
    [undefined, [null], false],
    [undefined, [{ context: null }], false],
    [undefined, [{ context: { library: 'analytics-python' } }], false],
    [undefined, from(7), false],
  ])('of %s and %j is %s', (userAgent, calls, expected) => {
    expect(takesOnly200(userAgent, calls)).toBe(expected);
  });
});
