import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Two thirds of a normal thread's share. The lowest priority gets one hundredth, and a training under load would never end. A judgment call. */
const NICENESS = 2;

/**
 * Lowers the priority of this thread and those it starts. Linux has priorities per thread; elsewhere it would apply to the whole process, so
 * nothing is done.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, NICENESS);
  } catch {
    // Without /proc it continues at normal priority.
  }
}
