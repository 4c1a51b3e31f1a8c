import type { ProblemItem } from '../../platform/errors.js';

/** One usage event, validated. It is also what quarantine keeps, so it is plain JSON. */
export interface EventInput {
  /** 16-byte hash of the sender's messageId in hex. */
  readonly messageHash: string;
  /** Any id of the account; absent: the account the user was in at that time. */
  readonly accountRef?: string;
  /** Absent for an anonymous event, which is counted but gives no user an active day. */
  readonly userId?: string;
  /** Used instead of the user to find the account. */
  readonly anonymousId?: string;
  readonly event: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The time by the client's own clock, where that was ahead and `at` is corrected. Identifies a retry. */
  readonly toldAt?: number;
  readonly value?: number;
  readonly product?: string;
  /** JSON text. */
  readonly properties?: string;
}

export interface EventsTaken {
  accepted: number;
  duplicates: number;
  quarantined: number;
  rejected: { index: number; problem: ProblemItem }[];
}
