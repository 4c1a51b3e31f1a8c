import { masked } from './logging/safe-error.js';
import type { Settings } from './settings.js';

/** Explains in one line why the service cannot start and what to change. Never contains the password of DATABASE_URL. */
export function startFailure(error: unknown, settings: Settings | null): string {
  if (!(error instanceof Error)) return 'Steward cannot start: unknown reason';
  const { code } = error as NodeJS.ErrnoException;
  if (settings && code === 'EADDRINUSE') {
    return `Steward cannot start: PORT ${settings.port} is already in use. Stop the other program or set PORT to a free port.`;
  }
  if (settings && code === 'EACCES' && 'port' in error)
    return `Steward cannot start: this user is not allowed to open PORT ${settings.port}.`;
  if (settings && (code === 'EADDRNOTAVAIL' || ('hostname' in error && 'port' in error))) {
    return `Steward cannot start: HOST ${settings.host} is not an address of this machine.`;
  }
  const reason = reasonOf(error);
  const database =
    settings?.databaseUrl && isFromDatabase(error) ? `DATABASE_URL (${hostOf(settings.databaseUrl)}): ` : '';
  return `Steward cannot start: ${database}${masked(reason)}`;
}

/** Node tries all addresses of a host and reports the failures together, without a message. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((one: unknown) => (one instanceof Error ? one.message : 'failed')).join('; ');
  }
  return error.message;
}

function isFromDatabase(error: Error): boolean {
  return (
    'severity' in error ||
    'driverError' in error ||
    'code' in error ||
    /connect|terminated|timeout/i.test(error.message)
  );
}

function hostOf(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname}:${port || '5432'}${pathname}`;
}
