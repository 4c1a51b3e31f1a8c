/** The database cannot be started, for a reason the operator can act on: the message is all he needs, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
