import { actorOf, holdsScope, SCOPES, type ScopeName } from './scopes.js';

describe(holdsScope.name, () => {
  it.each<[ScopeName, ScopeName[]]>([
    ['ingest', ['ingest']],
    ['read', ['read']],
    ['act', ['act']],
    ['write', ['act', 'write']],
    ['admin', [...SCOPES]],
  ])('allows %s to do %j and nothing else', (scope, allowed) => {
    expect(SCOPES.filter((needed) => holdsScope({ scopes: [scope] }, needed))).toEqual(allowed);
  });
});

describe(actorOf.name, () => {
  it('distinguishes a person from a key with the same id', () => {
    expect(actorOf({ kind: 'key', id: '7' })).not.toBe(actorOf({ kind: 'person', id: '7' }));
  });
});
