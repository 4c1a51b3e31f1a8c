import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors.js';

interface Limits {
  readonly requests: number;
  /** Total body size of requests in flight. Parsed JSON takes several times its length in memory. */
  readonly bytes: number;
  /** Share of both that one sender may use, so that others are not starved. */
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
/** Bodies that may contain the sender's key. Small, because anybody can send one: others must not be kept out by them. */
export const UNKNOWN_SENDER_LIMITS: Limits = {
  requests: 40,
  bytes: 16 * 1024 * 1024,
  share: 0.5,
  retryAfterS: 5,
  what: 'requests without an Authorization header',
};
/** Each import keeps a chunk of a few megabytes in memory for as long as its sender takes. */
export const IMPORT_LIMITS: Limits = {
  requests: 8,
  bytes: Infinity,
  share: 0.5,
  retryAfterS: 5,
  what: 'imports',
};

/** Assumed size of a body whose length is unknown or says nothing because the body is compressed. */
export const UNKNOWN_BYTES = 64 * 1024;

/** A request's reservation, held until the response is sent. */
export interface Slot {
  /** Throws 429 if the bytes received so far exceed the limits. */
  growTo(bytes: number): void;
  /** Has no effect the second time. */
  leave(): void;
}

interface Held {
  requests: number;
  bytes: number;
}

/**
 * Rejects requests with 429 before their body is read if the process cannot hold it, so that overload costs clients a
 * retry and not the service its memory. No sender can use all of the capacity, and a single request is always admitted.
 * Imports are streamed, so they are limited by number and not by size.
 */
@Injectable()
export class Admission {
  private readonly bodies = new Room(BODY_LIMITS);
  private readonly unknownSenders = new Room(UNKNOWN_SENDER_LIMITS);
  private readonly imports = new Room(IMPORT_LIMITS);

  /** `sender`: the id of a key, or an IP address. */
  enter(sender: string, bytes: number): Slot {
    return this.bodies.enter(sender, bytes);
  }

  /** For a body that has to be read to find its sender's key. */
  enterUnknown(address: string, bytes: number): Slot {
    return this.unknownSenders.enter(address, bytes);
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
    let inside = true;
    return {
      growTo: (now) => {
        if (now <= weight) return;
        this.expectRoom(own, 0, now - weight);
        add(0, now - weight);
        weight = now;
      },
      leave: () => {
        if (!inside) return;
        inside = false;
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
