import { Injectable } from '@nestjs/common';
import type { Fields } from '../../accounts/states/fold.js';
import type { ProblemItem } from '../../platform/errors.js';
import { compileValidator, type Validator } from '../../platform/validation/compile.js';
import { parseInstant } from '../../platform/validation/instant.js';
import type { EventInput } from '../events/event-input.js';
import { IN_FUTURE, MAX_AHEAD_MS } from '../events/event-times.js';
import { contentId, MAX_EVENT_BYTES, TOO_LARGE } from '../events/event-reader.js';
import { messageHash } from '../events/message-hash.js';
import { recordKind } from '../kinds/kinds.js';
import { RecordReader } from '../records/record-document.js';
import type { RecordInput, SenderTime } from '../records/records.service.js';
import type { ClientClock } from './client-clock.js';
import { idText } from './client-id.js';
import { contactFields, groupFields } from './traits.js';
import { AliasCall, GroupCall, IdentifyCall, PageCall, ScreenCall, TrackCall } from './tracking-calls.dto.js';

export type ReadCall =
  | { readonly type: 'event'; readonly input: EventInput }
  | { readonly type: 'group'; readonly input: RecordInput; readonly userId?: string }
  | { readonly type: 'identify'; readonly input: RecordInput; readonly alias?: [string, string] }
  | { readonly type: 'alias'; readonly alias: [string, string]; readonly at: number }
  | { readonly type: 'problem'; readonly problem: ProblemItem };

/** Placeholder for a call that was rejected before it could be read. */
export class RefusedCall {
  constructor(
    readonly problem: ProblemItem,
    readonly messageId: unknown,
  ) {}
}

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

/** Epoch milliseconds. */
interface Times {
  /** Corrected by how far the client's clock is ahead. */
  readonly at: number;
  readonly toldAt: number;
  readonly arrivedAt: number;
}

/** Reads calls of the Segment tracking API. Unused fields are ignored, and empty ids count as absent. */
@Injectable()
export class CallReader {
  private readonly validators = Object.fromEntries(
    Object.entries(CALLS).map(([type, call]) => [type, compileValidator(call, { unknownFields: 'allow' })]),
  ) as Record<CallType, Validator>;
  private readonly accounts = new RecordReader(recordKind('accounts'));
  private readonly contacts = new RecordReader(recordKind('contacts'));

  read(type: CallType, sent: unknown, clock: ClientClock): ReadCall {
    const [violation] = this.validators[type](sent) ?? [];
    if (violation) return { type: 'problem', problem: violation };
    const call = sent as AnyCall;
    const time = call.timestamp ?? call.originalTimestamp;
    const toldAt = time ? parseInstant(time) : undefined;
    if (toldAt === undefined) {
      return type === 'alias'
        ? this.alias(call, clock.arrivedAt)
        : problem('missing', 'timestamp or originalTimestamp is required', '/timestamp');
    }
    const at = toldAt - clock.aheadMs;
    if (at > clock.arrivedAt + MAX_AHEAD_MS) return { type: 'problem', problem: IN_FUTURE };
    const times = { at, toldAt, arrivedAt: clock.arrivedAt };
    if (type === 'alias') return this.alias(call, at);
    if (type === 'group') return this.group(call, times);
    return type === 'identify' ? this.identify(call, times) : this.event(type, call, times);
  }

  private event(type: 'track' | 'page' | 'screen', call: AnyCall, { at, toldAt }: Times): ReadCall {
    const userId = idText(call.userId);
    const anonymousId = idText(call.anonymousId);
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
    const id = idText(call.messageId) ?? contentId([type, userId, anonymousId, event, toldAt, properties]);
    return {
      type: 'event',
      input: {
        messageHash: messageHash(id),
        accountRef,
        userId,
        anonymousId,
        event,
        at,
        toldAt: at === toldAt ? undefined : toldAt,
        value: typeof value === 'number' && Math.abs(value) <= 1e15 ? value : undefined,
        product:
          (typeof product === 'string' && product.length <= 255 ? product : call.context?.product) ||
          undefined,
        properties,
      },
    };
  }

  private group(call: AnyCall, times: Times): ReadCall {
    const { name, createdAt, traits } = groupFields(call.traits ?? {});
    const id = idText(call.groupId) ?? '';
    const document: Fields = { id, effectiveAt: new Date(times.at).toISOString(), traits };
    if (name !== undefined) document['name'] = name;
    if (createdAt !== undefined) document['createdAt'] = createdAt;
    const read = this.accounts.read(document, { arrivedAt: times.arrivedAt, replaces: false });
    if (!('input' in read)) return first(read.problems);
    const input = { ...read.input, told: told(call, ['group', id], times) };
    return { type: 'group', input, userId: idText(call.userId) };
  }

  private identify(call: AnyCall, times: Times): ReadCall {
    const userId = idText(call.userId);
    if (userId === undefined)
      return problem('missing', 'userId is required: identify needs a user', '/userId');
    const fields = contactFields({ ...call.context?.traits, ...call.traits });
    const document: Fields = {
      ...fields,
      id: userId,
      userIds: [userId],
      effectiveAt: new Date(times.at).toISOString(),
    };
    const accountRef = accountRefOf(call);
    if (accountRef !== undefined) document['accountId'] = accountRef;
    const read = this.contacts.read(document, { arrivedAt: times.arrivedAt, replaces: false });
    if (!('input' in read)) return first(read.problems);
    const anonymousId = idText(call.anonymousId);
    const alias: [string, string] | undefined = anonymousId ? [anonymousId, userId] : undefined;
    const input = { ...read.input, userId, told: told(call, ['identify', userId], times) };
    return { type: 'identify', input, alias };
  }

  private alias(call: AnyCall, at: number): ReadCall {
    const [previousId, userId] = [idText(call.previousId), idText(call.userId)];
    if (!previousId || !userId)
      return problem('missing', 'userId and previousId are required', previousId ? '/userId' : '/previousId');
    return { type: 'alias', alias: [previousId, userId], at };
  }
}

function told(call: AnyCall, content: readonly string[], { toldAt }: Times): SenderTime {
  return { at: toldAt, messageHash: messageHash(idText(call.messageId) ?? contentId(content)) };
}

function first(problems: readonly ProblemItem[]): ReadCall {
  const [found] = problems;
  return found ? { type: 'problem', problem: found } : problem('malformed', 'the call could not be read');
}

function accountRefOf(call: AnyCall): string | undefined {
  return idText(call.context?.groupId) ?? idText(call.groupId);
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
