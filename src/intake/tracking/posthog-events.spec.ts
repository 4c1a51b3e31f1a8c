import { RefusedCall } from './call-reader.js';
import { posthogPointer, translatePosthog } from './posthog-events.js';

const options = { groupType: 'company' };
const stamp = { uuid: 'm-1', timestamp: '2026-11-28T08:00:00.000Z' };
const told = { messageId: 'm-1', timestamp: '2026-11-28T08:00:00.000Z' };
const translate = (event: unknown) => translatePosthog(event, options);

describe(translatePosthog.name, () => {
  it('makes a track call of an event, in the account that its group names', () => {
    const sent = {
      ...stamp,
      event: 'report created',
      distinct_id: 'u-1',
      properties: { pages: 3, $lib: 'posthog-node', $groups: { company: 'A-1', project: 'P-1' } },
    };
    expect(translate(sent)).toEqual({
      call: {
        ...told,
        type: 'track',
        event: 'report created',
        userId: 'u-1',
        properties: { pages: 3 },
        context: { groupId: 'A-1' },
      },
      beside: [{ ...told, messageId: undefined, type: 'group', userId: 'u-1', groupId: 'A-1' }],
    });
  });

  it('takes distinct_id from the properties', () => {
    const { call } = translate({ ...stamp, event: 'x', properties: { distinct_id: 7 } });
    expect(call).toMatchObject({ ...told, userId: 7, properties: {} });
  });

  it.each(['x', '$identify', '$set', '$groupidentify'])('rejects %s without a time', (event) => {
    const properties = { $groups: { company: 'A' }, $set: {}, $group_type: 'company', $group_key: 'A' };
    for (const timestamp of [undefined, null]) {
      const { call, beside } = translate({ event, uuid: 'm-1', distinct_id: 'u', timestamp, properties });
      expect(call).toMatchObject({ problem: { code: 'missing', pointer: '/timestamp' }, messageId: 'm-1' });
      expect(beside).toEqual([]);
    }
  });

  it.each([{ $process_person_profile: false }, { $is_identified: false }])(
    'knows no user of an event with %j',
    (properties) => {
      const { call, beside } = translate({
        ...stamp,
        event: 'x',
        distinct_id: 'd',
        properties: { ...properties, $groups: { company: 'A' }, $set: { email: 'a@b.example' } },
      });
      expect(call).toMatchObject({ anonymousId: 'd', context: { groupId: 'A' } });
      expect(call).not.toHaveProperty('userId');
      expect(beside).toEqual([]);
    },
  );

  it('makes an identify call of $identify, $set, and of what another event sets', () => {
    const $set = { email: 'a@b.example' };
    const identify = { ...told, type: 'identify', userId: 'u', traits: $set, context: {} };
    const properties = { $set, $set_once: { email: 'old@b.example' } };
    const withAlias = { ...properties, $anon_distinct_id: 'anon' };
    expect(translate({ ...stamp, event: '$identify', distinct_id: 'u', properties: withAlias }).call).toEqual(
      {
        ...identify,
        anonymousId: 'anon',
      },
    );
    expect(translate({ ...stamp, event: '$set', distinct_id: 'u', properties }).call).toMatchObject(identify);
    expect(translate({ ...stamp, event: 'x', distinct_id: 'u', properties }).beside).toMatchObject([
      identify,
    ]);
  });

  it('makes a group call of $groupidentify when the group is an account', () => {
    const properties = { $group_type: 'company', $group_key: 'A-1', $group_set: { name: 'Acme' } };
    expect(translate({ ...stamp, event: '$groupidentify', distinct_id: '$company_A-1', properties })).toEqual(
      {
        call: { ...told, type: 'group', groupId: 'A-1', traits: { name: 'Acme' } },
        beside: [],
      },
    );
    const project = { ...properties, $group_type: 'project' };
    expect(translate({ ...stamp, event: '$groupidentify', properties: project }).call).toMatchObject({
      problem: { code: 'not_an_account', pointer: '/properties/$group_type' },
      messageId: 'm-1',
    });
  });

  it('makes an alias call of $create_alias', () => {
    const sent = {
      event: '$create_alias',
      distinct_id: 'u',
      properties: { alias: 'old', distinct_id: 'u' },
    };
    const alias = { type: 'alias', previousId: 'old', userId: 'u' };
    expect(translate({ ...stamp, ...sent }).call).toEqual({ ...told, ...alias });
    expect(translate(sent).call).toEqual(alias);
  });

  it.each([
    null,
    7,
    'x',
    [],
    { ...stamp, event: 'x', properties: [] },
    { ...stamp, event: '$feature_flag_called', distinct_id: 'u' },
  ])('refuses %j', (event) => {
    expect(translate(event).call).toBeInstanceOf(RefusedCall);
  });
});

describe(posthogPointer.name, () => {
  it.each([
    ['/userId', '/distinct_id'],
    ['/context/groupId', '/properties/$groups/company'],
    ['/properties/a/0', '/properties/a/0'],
    ['/traits/email', '/properties/$set/email'],
    [null, null],
  ])('of %s is %s', (pointer, expected) => {
    expect(posthogPointer(pointer, 'company')).toBe(expected);
  });
});
