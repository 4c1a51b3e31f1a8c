/**
 * Clients to which every status but 200 is a failure: for a single refused call Python's would send the whole batch again
 * ten times, PHP's for ever.
 */
const ONLY_200 = /^analytics-(python|php)\b/i;

/** By the `User-Agent`, and by `context.library` of the first call where a proxy has taken that away. */
export function takesOnly200(userAgent: string | undefined, calls: readonly unknown[]): boolean {
  return ONLY_200.test(userAgent ?? '') || ONLY_200.test(libraryOf(calls[0]));
}

function libraryOf(call: unknown): string {
  const { context } = (call ?? {}) as { context?: { library?: { name?: unknown } | null } | null };
  const name = context?.library?.name;
  return typeof name === 'string' ? name : '';
}
