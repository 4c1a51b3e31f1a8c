import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors.js';

interface Limits {
  readonly requests: number;
  /** What requests under way may weigh together; parsed JSON takes some times its length. */
  readonly bytes: number;
  /** Of both, what one sender may hold; the rest is left for the others. */
  readonly share: number;
  readonly retryAfterS: number;
  readonly what: string;
}

export const BODY_LIMITS: Limits = {
  requests: 200,
  bytes: 128 * 1024 * 1024,
  share: 0.75,
  retryAfterS: 1,
  what: 'requests',
};
/** Each holds a chunk of some megabytes for as long as its sender takes. */
export const IMPORT_LIMITS: Limits = {
  requests: 8,
  bytes: Infinity,
  share: 0.5,
  retryAfterS: 5,
  what: 'imports',
};

/** Assumed until more has come, where the length is not told or tells nothing because the body is packed. */
export const UNKNOWN_BYTES = 64 * 1024;

/** What a request holds until it is answered. */
export interface Slot {
  /** Throws 429 when what has come meanwhile goes beyond the limits. */
  growTo(bytes: number): void;
  leave(): void;
}

interface Held {
  requests: number;
  bytes: number;
}

/**
 * Refuses bodies beyond what the process can hold with 429 before they are read, so that overload costs senders a retry and never
 * memory. One sender cannot hold everything. A single request is always let in. Imports are streamed, so they are counted, not weighed.
 */
@Injectable()
export class Admission {
  private readonly bodies = new Room(BODY_LIMITS);
  private readonly imports = new Room(IMPORT_LIMITS);

  /** `sender`: the id of a key, or an address. */
  enter(sender: string, bytes: number): Slot {
    return this.bodies.enter(sender, bytes);
  }

  enterImport(sender: string): Slot {
    return this.imports.enter(sender, 0);
  }
}

export class Room {
  private readonly all: Held = { requests: 0, bytes: 0 };
  private readonly bySender = new Map<string, Held>();

  constructor(private readonly limits: Limits) {}

  enter(sender: string, bytes: number): Slot {
    const own = this.bySender.get(sender) ?? { requests: 0, bytes: 0 };
    this.expectRoom(own, 1, bytes);
    this.bySender.set(sender, own);
    const add = (requests: number, more: number): void => {
      for (const held of [this.all, own]) {
        held.requests += requests;
        held.bytes += more;
      }
    };
    add(1, bytes);
    let weight = bytes;
    return {
      growTo: (now) => {
        if (now <= weight) return;
        this.expectRoom(own, 0, now - weight);
        add(0, now - weight);
        weight = now;
      },
      leave: () => {
        add(-1, -weight);
        if (own.requests === 0) this.bySender.delete(sender);
      },
    };
  }

  private expectRoom(own: Held, requests: number, bytes: number): void {
    const { limits } = this;
    const isFull = (held: Held, share: number): boolean =>
      held.requests + requests > 1 &&
      (held.requests + requests > limits.requests * share || held.bytes + bytes > limits.bytes * share);
    if (isFull(this.all, 1))
      throw this.refusal('overloaded', `The service is taking in as many ${limits.what} as it can`);
    if (isFull(own, limits.share))
      throw this.refusal(
        'concurrency_limit',
        `You have as many ${limits.what} under way as one sender may: wait for some to end`,
      );
  }

  private refusal(code: string, detail: string): DomainError {
    return new DomainError(code, 429, detail, {
      headers: { 'Retry-After': String(this.limits.retryAfterS) },
    });
  }
}
