import { writeSync } from 'node:fs';

const STDOUT = 1;
const PAUSE_MS = 5;
/** How long a reader of the pipe may take before lines are dropped. */
const MAX_WAIT_MS = 2_000;

/**
 * Writes log lines to a file descriptor. If that fails (the terminal is gone, the disk is full), the line is dropped: the service must
 * go on, and must be able to stop. pino's own output retries such errors forever.
 */
export class LogOutput {
  constructor(private readonly fd = STDOUT) {}

  write(line: string): void {
    let rest = Buffer.from(line);
    const until = Date.now() + MAX_WAIT_MS;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(this.fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || Date.now() > until) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
  }
}
