/**
 * Clients that treat every status but 200 as a failure. For one rejected call the Python client would resend the whole batch
 * ten times, and the PHP client forever.
 */
const ONLY_200 = /^analytics-(python|php)\b/i;

/** By the `User-Agent`, or by `context.library` of the first call where a proxy dropped the header. */
export function takesOnly200(userAgent: string | undefined, calls: readonly unknown[]): boolean {
  return ONLY_200.test(userAgent ?? '') || ONLY_200.test(libraryOf(calls[0]));
}

function libraryOf(call: unknown): string {
  const { context } = (call ?? {}) as { context?: { library?: { name?: unknown } | null } | null };
  const name = context?.library?.name;
  return typeof name === 'string' ? name : '';
}
