/** What the one who asked can mend; said as it stands. */
export class UsageError extends Error {}
