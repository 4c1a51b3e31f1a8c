import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Two thirds of a usual thread's share: the lowest leaves one in a hundred, and beside a busy list a training would never end. A judgement. */
const NICENESS = 2;

/**
 * Leaves all other threads more time. Linux has a priority for each thread, and those that a thread starts take it over; elsewhere it would be the
 * process's own, so nothing is done.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, NICENESS);
  } catch {
    // Without /proc it goes on at the usual priority.
  }
}
