/** An error the operator can act on: the message is enough, without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** Checks only the shape: errors from another realm are not `instanceof Error`. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
