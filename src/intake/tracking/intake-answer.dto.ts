/** Why one call of a request was refused. */
export class IntakeError {
  /** Its place in the batch, from 0. */
  index: number;
  /** Its `messageId`, where one was sent. */
  messageId: string | null;
  /**
   * Stable code of the reason.
   * @example 'wrong_type'
   */
  code: string;
  /** The reason in words. */
  detail: string;
  /**
   * JSON pointer (RFC 6901) into the call.
   * @example '/timestamp'
   */
  pointer: string | null;
}

/** What became of each call: accepted + duplicates + quarantined + rejected = received. */
export class IntakeAnswer {
  received: number;
  /** Stored now. */
  accepted: number;
  /** Stored before: nothing changed. */
  duplicates: number;
  /** Kept until their account is known. */
  quarantined: number;
  /** Refused; each is named in `errors`. */
  rejected: number;
  errors: IntakeError[];
}
