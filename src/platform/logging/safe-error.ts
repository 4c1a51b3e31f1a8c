const ADDRESS = /[^\s@"'<>()=,;:]+@[^\s@"'<>()=,;]+/g;
const SECRET = /\b(stw|whsec)_\S+/g;
const FROM_POSTGRES = ['code', 'schema', 'table', 'column', 'constraint', 'routine'] as const;

/**
 * The parts of an error that may be logged. Messages of the database and of parsers quote data, so only their codes and
 * names are kept; other messages lose anything that looks like an email address or a key.
 */
export function safeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const fields = { name: error.name, stack: frames(error) };
  const driver = driverError(error);
  if (driver) {
    const known = FROM_POSTGRES.filter((key) => typeof driver[key] === 'string').map((key) => [
      key,
      driver[key],
    ]);
    return { ...fields, ...(Object.fromEntries(known) as object) };
  }
  if (error instanceof SyntaxError) return fields;
  return { ...fields, message: masked(error.message) };
}

export const masked = (text: string): string => text.replace(ADDRESS, '[address]').replace(SECRET, '[key]');

/** Only the frames, since a stack begins with the message. */
function frames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 12);
}

/** pg's error, possibly wrapped by TypeORM (which adds the SQL and its parameters). */
function driverError(error: Error): Record<string, unknown> | null {
  const inner: unknown = 'driverError' in error ? error.driverError : error;
  const record = inner as Record<string, unknown>;
  return typeof record === 'object' &&
    record !== null &&
    'code' in record &&
    ('severity' in record || inner !== error)
    ? record
    : null;
}
