/** An error in the input or the arguments, shown without a stack trace. */
export class UsageError extends Error {}
