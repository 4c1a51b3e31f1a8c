import { Injectable } from '@nestjs/common';
import type { ProblemItem } from '../../platform/errors.js';
import { compileValidator } from '../../platform/validation/compile.js';
import { parseInstant } from '../../platform/validation/instant.js';
import { EventDto } from '../kinds/event.dto.js';
import { requiredAtFirst } from '../kinds/required-at-first.js';
import type { EventInput } from './event-input.js';
import { messageHash } from './message-hash.js';

export const MAX_EVENT_BYTES = 1_000_000;

export type ReadEvent = { readonly input: EventInput } | { readonly problems: ProblemItem[] };

export const TOO_LARGE: ProblemItem = {
  code: 'too_large',
  detail: `properties must not be larger than ${MAX_EVENT_BYTES} bytes as JSON`,
  pointer: '/properties',
};

/** Reads events sent by imports and PUT. */
@Injectable()
export class EventReader {
  private readonly validate = compileValidator(EventDto, {
    unknownFields: 'refuse',
    required: requiredAtFirst(EventDto),
  });

  read(document: unknown): ReadEvent {
    const problems = this.validate(document);
    if (problems !== null) return { problems };
    const event = document as EventDto & Required<Pick<EventDto, 'accountId' | 'event' | 'timestamp'>>;
    const properties = event.properties ? JSON.stringify(event.properties) : undefined;
    if (properties !== undefined && properties.length > MAX_EVENT_BYTES) return { problems: [TOO_LARGE] };
    const at = parseInstant(event.timestamp) ?? NaN;
    return {
      input: {
        messageHash: messageHash(
          event.messageId ??
            contentId([event.userId, event.event, at, event.value, event.product, properties]),
        ),
        accountRef: event.accountId,
        userId: event.userId ?? undefined,
        event: event.event,
        at,
        value: event.value ?? undefined,
        product: event.product || undefined,
        properties,
      },
    };
  }
}

/** Used without a messageId: the same content at the same time is the same event. */
export function contentId(parts: readonly unknown[]): string {
  return `content:${JSON.stringify(parts)}`;
}
