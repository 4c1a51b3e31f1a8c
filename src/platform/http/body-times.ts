/** Time limits for reading bodies. A provider, so that tests can shorten them. */
export class BodyTimes {
  /** A pause in an ordinary body. */
  pauseMs = 10_000;
  /** A pause in an import, whose producer may work in between. */
  importPauseMs = 30_000;
  /** A whole ordinary body. */
  wholeMs = 5 * 60_000;
  /** A whole body of a sender whose key is not known yet. */
  unknownSenderMs = 30_000;
}
