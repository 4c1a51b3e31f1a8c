import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/settings.js';
import type { IntakeAnswer } from './intake-answer.dto.js';
import { posthogPointer, translatePosthog, type TranslatedCall } from './posthog-events.js';
import { TrackingService } from './tracking.service.js';

@Injectable()
export class PosthogService {
  constructor(
    private readonly tracking: TrackingService,
    private readonly settings: Settings,
  ) {}

  async take(events: readonly unknown[], sentAt: unknown, actor: string): Promise<IntakeAnswer> {
    const groupType = this.settings.posthogGroupType;
    const translated = events.map((event) => translatePosthog(event, { groupType }));
    const answer = await this.tracking.take(
      translated.map(({ call }) => call),
      { actor, shared: { sentAt }, beside: withoutRepeats(translated.flatMap(({ beside }) => beside)) },
    );
    const errors = answer.errors.map((error) => ({
      ...error,
      pointer: posthogPointer(error.pointer, groupType),
    }));
    return { ...answer, errors };
  }
}

/** Keeps only the earliest call that puts a user in an account. */
function withoutRepeats(calls: readonly TranslatedCall[]): TranslatedCall[] {
  const members = new Map<string, TranslatedCall>();
  const others: TranslatedCall[] = [];
  for (const call of calls) {
    if (call.type !== 'group') others.push(call);
    else {
      const key = JSON.stringify([call['groupId'], call['userId']]);
      const known = members.get(key);
      if (known === undefined || String(call['timestamp']) < String(known['timestamp']))
        members.set(key, call);
    }
  }
  return [...members.values(), ...others];
}
