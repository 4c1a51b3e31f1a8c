import type { LoggerService } from '@nestjs/common';
import type { AppLogger } from './app-logger.js';
import { masked } from './safe-error.js';

/** Writes Nest's messages to the same log. Its startup messages are of interest to developers only. */
export class NestLog implements LoggerService {
  constructor(private readonly to: AppLogger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const fields = typeof context === 'string' && !context.includes('\n') ? { context } : {};
    if (message instanceof Error) this.to[level]({ ...fields, err: message }, 'error');
    else this.to[level](fields, masked(typeof message === 'string' ? message : typeof message));
  }
}
