import { Injectable } from '@nestjs/common';
import type { Fields } from '../../accounts/states/fold.js';
import type { ProblemItem } from '../../platform/errors.js';
import { compileValidator, type Validator } from '../../platform/validation/compile.js';
import { parseInstant } from '../../platform/validation/instant.js';
import type { EventInput } from '../events/event-input.js';
import { contentId, MAX_EVENT_BYTES, TOO_LARGE } from '../events/event-reader.js';
import { messageHash } from '../events/message-hash.js';
import { recordKind } from '../kinds/kinds.js';
import { RecordReader } from '../records/record-document.js';
import type { RecordInput } from '../records/records.service.js';
import { contactFields, groupFields } from './traits.js';
import { AliasCall, GroupCall, IdentifyCall, PageCall, ScreenCall, TrackCall } from './tracking-calls.dto.js';

export type ReadCall =
  | { readonly type: 'event'; readonly input: EventInput }
  | { readonly type: 'group'; readonly input: RecordInput; readonly userId?: string; readonly at: number }
  | { readonly type: 'identify'; readonly input: RecordInput; readonly alias?: [string, string] }
  | { readonly type: 'alias'; readonly alias: [string, string] }
  | { readonly type: 'problem'; readonly problem: ProblemItem };

const CALLS = {
  track: TrackCall,
  identify: IdentifyCall,
  group: GroupCall,
  page: PageCall,
  screen: ScreenCall,
  alias: AliasCall,
};
export type CallType = keyof typeof CALLS;

export function isCallType(type: unknown): type is CallType {
  return typeof type === 'string' && Object.hasOwn(CALLS, type);
}

type AnyCall = Partial<TrackCall & IdentifyCall & GroupCall & PageCall & AliasCall>;

const problem = (code: string, detail: string, pointer?: string): ReadCall => ({
  type: 'problem',
  problem: { code, detail, pointer },
});

/** Reads the calls of the Segment tracking API: fields Steward has no use for are let through, empty ids count as absent. */
@Injectable()
export class CallReader {
  private readonly validators = Object.fromEntries(
    Object.entries(CALLS).map(([type, call]) => [type, compileValidator(call, { unknownFields: 'allow' })]),
  ) as Record<CallType, Validator>;
  private readonly accounts = new RecordReader(recordKind('accounts'));
  private readonly contacts = new RecordReader(recordKind('contacts'));

  read(type: CallType, sent: unknown, arrivedAt: number): ReadCall {
    const [violation] = this.validators[type](sent) ?? [];
    if (violation) return { type: 'problem', problem: violation };
    const call = sent as AnyCall;
    if (type === 'alias') return this.alias(call);
    const time = call.timestamp ?? call.originalTimestamp;
    const at = time ? parseInstant(time) : undefined;
    if (at === undefined)
      return problem('missing', 'timestamp or originalTimestamp is required', '/timestamp');
    if (type === 'group') return this.group(call, at, arrivedAt);
    return type === 'identify' ? this.identify(call, at, arrivedAt) : this.event(type, call, at);
  }

  private event(type: 'track' | 'page' | 'screen', call: AnyCall, at: number): ReadCall {
    const userId = call.userId || undefined;
    const anonymousId = call.anonymousId || undefined;
    const accountRef = accountRefOf(call);
    if (accountRef === undefined && userId === undefined && anonymousId === undefined) {
      return problem(
        'missing',
        'one of userId, anonymousId, groupId or context.groupId is required',
        '/userId',
      );
    }
    const properties = call.properties ? JSON.stringify(call.properties) : undefined;
    if (properties !== undefined && properties.length > MAX_EVENT_BYTES)
      return { type: 'problem', problem: TOO_LARGE };
    const event = type === 'track' ? (call.event ?? '') : viewed(type, call.name);
    const { value, product } = call.properties ?? {};
    const id = call.messageId || contentId([type, userId, anonymousId, event, at, properties]);
    return {
      type: 'event',
      input: {
        messageHash: messageHash(id),
        accountRef,
        userId,
        anonymousId,
        event,
        at,
        value: typeof value === 'number' && Math.abs(value) <= 1e15 ? value : undefined,
        product:
          (typeof product === 'string' && product.length <= 255 ? product : call.context?.product) ||
          undefined,
        properties,
      },
    };
  }

  private group(call: AnyCall, at: number, arrivedAt: number): ReadCall {
    const { name, createdAt, traits } = groupFields(call.traits ?? {});
    const document: Fields = { id: call.groupId ?? '', effectiveAt: new Date(at).toISOString(), traits };
    if (name !== undefined) document['name'] = name;
    if (createdAt !== undefined) document['createdAt'] = createdAt;
    const read = this.accounts.read(document, { arrivedAt, replaces: false });
    return 'input' in read
      ? { type: 'group', input: read.input, userId: call.userId || undefined, at }
      : first(read.problems);
  }

  private identify(call: AnyCall, at: number, arrivedAt: number): ReadCall {
    const userId = call.userId || undefined;
    if (userId === undefined)
      return problem('missing', 'userId is required: an identify call without it names nobody', '/userId');
    const fields = contactFields({ ...call.context?.traits, ...call.traits });
    const document: Fields = {
      ...fields,
      id: userId,
      userIds: [userId],
      effectiveAt: new Date(at).toISOString(),
    };
    const accountRef = accountRefOf(call);
    if (accountRef !== undefined) document['accountId'] = accountRef;
    const read = this.contacts.read(document, { arrivedAt, replaces: false });
    if (!('input' in read)) return first(read.problems);
    const alias: [string, string] | undefined = call.anonymousId ? [call.anonymousId, userId] : undefined;
    return { type: 'identify', input: { ...read.input, userId }, alias };
  }

  private alias(call: AnyCall): ReadCall {
    const { previousId, userId } = call;
    if (!previousId || !userId)
      return problem('missing', 'userId and previousId are required', previousId ? '/userId' : '/previousId');
    return { type: 'alias', alias: [previousId, userId] };
  }
}

function first(problems: readonly ProblemItem[]): ReadCall {
  const [found] = problems;
  return found ? { type: 'problem', problem: found } : problem('malformed', 'the call could not be read');
}

function accountRefOf(call: AnyCall): string | undefined {
  return call.context?.groupId || call.groupId || undefined;
}

/** Page titles come as they are; a name of an event holds no control characters. */
const CONTROL = /\p{Cc}+/gu;
const MAX_NAME = 200;

/** The names under which Segment's own destinations show page and screen calls. */
function viewed(type: 'page' | 'screen', name: string | null | undefined): string {
  const what = type === 'page' ? 'Page' : 'Screen';
  const shown = name?.replace(CONTROL, ' ').trim().slice(0, MAX_NAME);
  return shown ? `Viewed ${shown} ${what}` : `Viewed ${what}`;
}
