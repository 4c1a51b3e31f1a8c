import { types } from 'node:util';
import { DomainError } from '../errors.js';

/** SQLSTATE classes and codes of a server that is down, starting, stopping or full. */
const UNAVAILABLE_STATES = /^(08...|53[0-3]..|57P0[1-5]|55P04)$/;
const UNAVAILABLE_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
/** pg, pg-pool and TypeORM report these only by message. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after|Client was closed|Driver not Connected|Connection with .* is not established|Query runner already released|Database connection provided by a query runner was already released)/i;
/** NUL or invalid text, which input validation should have caught. */
const BAD_TEXT = new Set(['22021', '22P05']);
/** Deadlock, serialization failure, lock timeout: a retry may succeed. */
const RETRY = new Set(['40001', '40P01', '55P03', '57014']);

/** Null if the cause is a bug and not the database connection. */
export function databaseProblem(error: unknown): DomainError | null {
  const fromDatabase = types.isNativeError(error) && 'driverError' in error ? error.driverError : error;
  // Socket errors may come from another realm, where `instanceof` fails.
  if (!types.isNativeError(fromDatabase)) return null;
  const { code } = fromDatabase as { code?: unknown };
  const state = typeof code === 'string' ? code : '';
  if (isUnavailable(fromDatabase, error, state)) {
    return new DomainError('database_unavailable', 503, 'The database is not available', {
      headers: { 'Retry-After': '5' },
    });
  }
  if (RETRY.has(state)) {
    return new DomainError('database_busy', 503, 'Database busy, retry', {
      headers: { 'Retry-After': '1' },
    });
  }
  if (BAD_TEXT.has(state)) {
    return new DomainError('invalid_text', 400, 'Text contains NUL or is not valid Unicode');
  }
  return null;
}

function isUnavailable(inner: Error, outer: unknown, state: string): boolean {
  // System error codes count only for connection errors: reading a file may fail with the same codes.
  const system =
    UNAVAILABLE_SYSTEM.has(state) && (inner !== outer || 'syscall' in inner) && !('path' in inner);
  return (
    system || UNAVAILABLE_STATES.test(state) || UNAVAILABLE_MESSAGES.test(inner.message) || isAggregate(inner)
  );
}

/** Node tries all addresses of a host and reports their failures together. */
function isAggregate(error: Error): boolean {
  return (
    error instanceof AggregateError && error.errors.some((one: unknown) => databaseProblem(one) !== null)
  );
}
