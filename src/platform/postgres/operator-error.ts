/** Something the operator can act on: the message is all he needs, without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** Looks at the shape alone: an error of another realm is no `instanceof Error`. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
