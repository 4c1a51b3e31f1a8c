import { compileValidator } from '../../platform/validation/compile.js';
import type { Class } from '../../platform/validation/rules.js';
import {
  AliasCall,
  BatchCall,
  GroupCall,
  IdentifyCall,
  PageCall,
  ScreenCall,
  TrackCall,
} from './tracking-calls.dto.js';

const faults = (dto: Class, body: unknown): string[] | null =>
  compileValidator(dto, { unknownFields: 'allow' })(body)?.map(({ code, pointer }) => `${code} ${pointer}`) ??
  null;

describe('the Segment calls', () => {
  it('take what the clients of Segment and RudderStack send', () => {
    const segment = {
      type: 'track',
      event: 'Report Created',
      userId: 'u-17',
      properties: { format: 'pdf' },
      context: { groupId: 'A-1', library: { name: '@segment/analytics-node', version: '3.1.0' } },
      integrations: {},
      timestamp: '2025-01-01T00:00:00.000Z',
      messageId: 'node-next-1735689600000-7f3a',
      _metadata: { nodeVersion: '24.0.0', jsRuntime: 'node' },
      sentAt: 'whenever',
    };
    expect(faults(TrackCall, segment)).toBeNull();
    expect(
      faults(TrackCall, {
        ...segment,
        timestamp: undefined,
        originalTimestamp: '2025-01-01T05:30:00.000+05:30',
      }),
    ).toBeNull();
    expect(faults(TrackCall, { event: 'x', userId: '', anonymousId: 'a', messageId: null })).toBeNull();
  });

  it.each<[Class, object, string[]]>([
    [TrackCall, {}, ['missing /event']],
    [TrackCall, { event: '' }, ['malformed /event']],
    [TrackCall, { event: 'x', userId: true }, ['wrong_type /userId']],
    [TrackCall, { event: 'x', userId: 1.5 }, ['out_of_range /userId']],
    [TrackCall, { event: 'x', messageId: 2 ** 53 }, ['out_of_range /messageId']],
    [TrackCall, { event: 'x', messageId: 'm'.repeat(256) }, ['too_long /messageId']],
    [TrackCall, { event: 'x', timestamp: '2025-01-01T00:00:00' }, ['malformed /timestamp']],
    [TrackCall, { event: 'x', timestamp: 1735689600000 }, ['wrong_type /timestamp']],
    [TrackCall, { event: 'x', properties: [] }, ['wrong_type /properties']],
    [TrackCall, { event: 'x', properties: { a: ['\0'] } }, ['malformed /properties/a/0']],
    [TrackCall, { event: 'x', context: { groupId: [7] } }, ['wrong_type /context/groupId']],
    [IdentifyCall, { userId: 'u', traits: 'x' }, ['wrong_type /traits']],
    [GroupCall, { userId: 'u' }, ['missing /groupId']],
    [PageCall, { name: 7 }, ['wrong_type /name']],
    [ScreenCall, { name: 'x'.repeat(256) }, ['too_long /name']],
    [AliasCall, {}, ['missing /previousId', 'missing /userId']],
    [BatchCall, { batch: {} }, ['wrong_type /batch']],
    [BatchCall, {}, ['missing /batch']],
  ])('%p refuses %j', (dto, body, expected) => {
    expect(faults(dto, body)).toEqual(expected);
  });

  it('take whole numbers as ids', () => {
    const ids = { messageId: 1, userId: 42, anonymousId: -3, groupId: 0 };
    expect(faults(TrackCall, { event: 'x', ...ids, context: { groupId: 7 } })).toBeNull();
    expect(faults(GroupCall, ids)).toBeNull();
    expect(faults(AliasCall, { previousId: 41, userId: 42 })).toBeNull();
  });

  it('leaves the calls of a batch to be judged one by one', () => {
    expect(faults(BatchCall, { batch: [1, { event: '\0' }, { type: 'track' }] })).toBeNull();
  });

  it('does not look at fields that it does not use', () => {
    const context = { page: { title: 'cut \ud83d' }, userAgent: 'x\0' };
    expect(faults(TrackCall, { event: 'x', context, integrations: '\0' })).toBeNull();
  });
});
