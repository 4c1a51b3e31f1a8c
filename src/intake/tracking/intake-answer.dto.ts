/** Why a call was rejected. */
export class IntakeError {
  /** Index in the batch, from 0. */
  index: number;
  /** `messageId` of the call, if one was sent. */
  messageId: string | null;
  /**
   * Stable error code.
   * @example 'wrong_type'
   */
  code: string;
  /** Human-readable explanation. */
  detail: string;
  /**
   * JSON pointer (RFC 6901) to the field.
   * @example '/timestamp'
   */
  pointer: string | null;
}

/** What happened to the calls: accepted + duplicates + quarantined + rejected = received. */
export class IntakeAnswer {
  received: number;
  /** Stored. */
  accepted: number;
  /** Already stored; nothing changed. */
  duplicates: number;
  /** Kept until their account or user is known. */
  quarantined: number;
  /** Rejected; each is listed in `errors`. */
  rejected: number;
  errors: IntakeError[];
}
