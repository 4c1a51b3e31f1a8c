import { UnparsedItem } from '../../platform/http/parse-json-body.js';
import { type CallType, RefusedCall } from './call-reader.js';

/** One event as PostHog's clients send it; nothing in it is checked yet. */
interface PosthogEvent {
  readonly event?: unknown;
  readonly distinct_id?: unknown;
  readonly properties?: unknown;
  readonly timestamp?: unknown;
  readonly uuid?: unknown;
}

type Properties = Record<string, unknown>;

interface Stamp {
  readonly messageId: unknown;
  readonly timestamp: unknown;
}

/** A call of the Segment tracking API. */
export interface TranslatedCall {
  readonly type: CallType;
  readonly [field: string]: unknown;
}

export interface Translated {
  /** The event itself. */
  readonly call: TranslatedCall | RefusedCall;
  /** What the event also says about its user and account. */
  readonly beside: TranslatedCall[];
}

export interface PosthogOptions {
  /** The group type whose groups are accounts. */
  readonly groupType: string;
}

/** Events that PostHog's clients send by themselves. None of them is product usage. */
const TECHNICAL = new Set([
  '$feature_flag_called',
  '$exception',
  '$snapshot',
  '$web_vitals',
  '$performance_event',
  '$opt_in',
]);

/**
 * Translates a PostHog event into the calls a Segment client would send. PostHog learns groups and their members from the
 * events themselves, so an event that names the account also becomes a `group` call.
 */
export function translatePosthog(sent: unknown, options: PosthogOptions): Translated {
  if (sent instanceof UnparsedItem) return { call: new RefusedCall(sent.problem, undefined), beside: [] };
  if (!isObject(sent)) return refused('wrong_type', 'An event must be an object', '');
  const event: PosthogEvent = sent;
  const properties = isObject(event.properties) ? event.properties : {};
  if (event.properties !== undefined && event.properties !== null && !isObject(event.properties))
    return refused('wrong_type', 'properties must be an object', '/properties', event.uuid);
  const distinctId = event.distinct_id ?? properties['distinct_id'];
  const stamp: Stamp = { messageId: event.uuid, timestamp: event.timestamp };
  // With the time of arrival instead, a retry would be another event. Only aliases are the same at any time.
  if ((event.timestamp ?? undefined) === undefined && event.event !== '$create_alias')
    return refused('missing', 'timestamp is required', '/timestamp', event.uuid);
  if (event.event === '$groupidentify') return groupIdentify(properties, stamp, options);

  const groupId = isObject(properties['$groups']) ? properties['$groups'][options.groupType] : undefined;
  const context = groupId === undefined || groupId === null ? {} : { groupId };
  const set = isObject(properties['$set']) ? properties['$set'] : undefined;
  const identify = (anonymousId?: unknown): TranslatedCall => ({
    ...stamp,
    type: 'identify',
    userId: distinctId,
    anonymousId,
    traits: set,
    context,
  });
  const anonymous = properties['$process_person_profile'] === false || properties['$is_identified'] === false;
  const member: TranslatedCall[] =
    'groupId' in context && !anonymous
      ? [{ ...stamp, messageId: undefined, type: 'group', userId: distinctId, groupId }]
      : [];
  if (event.event === '$identify' || event.event === '$set')
    return { call: identify(properties['$anon_distinct_id']), beside: member };
  if (event.event === '$create_alias') {
    const call = { ...stamp, type: 'alias', previousId: properties['alias'], userId: distinctId } as const;
    return { call, beside: [] };
  }
  if (typeof event.event === 'string' && TECHNICAL.has(event.event))
    return refused(
      'not_usage',
      `${event.event} is not product usage and is not stored`,
      '/event',
      event.uuid,
    );
  const call: TranslatedCall = {
    ...stamp,
    type: 'track',
    event: event.event,
    [anonymous ? 'anonymousId' : 'userId']: distinctId,
    properties: ownProperties(properties),
    context,
  };
  return { call, beside: set === undefined || anonymous ? member : [...member, identify()] };
}

function groupIdentify(properties: Properties, stamp: Stamp, { groupType }: PosthogOptions): Translated {
  const { $group_type: type, $group_key: groupId, $group_set: traits } = properties;
  if (type === groupType) return { call: { ...stamp, type: 'group', groupId, traits }, beside: [] };
  const detail = `Only groups of type ${groupType} are accounts (POSTHOG_GROUP_TYPE)`;
  return refused('not_an_account', detail, '/properties/$group_type', stamp.messageId);
}

function refused(code: string, detail: string, pointer: string, messageId?: unknown): Translated {
  return { call: new RefusedCall({ code, detail, pointer }, messageId), beside: [] };
}

/** Leaves out the client's own properties, whose names start with a dollar sign. */
function ownProperties(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => !name.startsWith('$') && name !== 'distinct_id'),
  );
}

/** Where the fields of a translated call come from in the event. */
const PLACES: Record<string, string> = {
  '/userId': '/distinct_id',
  '/anonymousId': '/distinct_id',
  '/messageId': '/uuid',
  '/previousId': '/properties/alias',
  '/traits': '/properties/$set',
  '/groupId': '/properties/$group_key',
};

export function posthogPointer(pointer: string | null, groupType: string): string | null {
  if (pointer === null) return null;
  if (pointer === '/context/groupId') return `/properties/$groups/${groupType}`;
  const [, first = '', rest = ''] = /^(\/[^/]*)(.*)$/s.exec(pointer) ?? [];
  return (PLACES[first] ?? first) + rest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
