import { type DestinationStream, pino, type Logger as PinoLogger } from 'pino';
import type { LogLevel } from '../settings.js';
import { LogOutput } from './log-output.js';
import { safeError } from './safe-error.js';

export type LogFields = Record<string, unknown>;

/** Structured log on stdout. Pass fields and a constant message; errors only as `{ err }`; never keys, email addresses or bodies. */
export class AppLogger {
  private readonly to: PinoLogger;

  constructor(level: LogLevel, to: DestinationStream = new LogOutput()) {
    this.to = pino({ level, base: { pid: process.pid }, serializers: { err: safeError } }, to);
  }

  trace(fields: LogFields, text: string): void {
    this.to.trace(fields, text);
  }
  debug(fields: LogFields, text: string): void {
    this.to.debug(fields, text);
  }
  info(fields: LogFields, text: string): void {
    this.to.info(fields, text);
  }
  warn(fields: LogFields, text: string): void {
    this.to.warn(fields, text);
  }
  error(fields: LogFields, text: string): void {
    this.to.error(fields, text);
  }
  fatal(fields: LogFields, text: string): void {
    this.to.fatal(fields, text);
  }
}
