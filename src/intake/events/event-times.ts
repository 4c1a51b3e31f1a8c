import type { ProblemItem } from '../../platform/errors.js';

/** How far in the future a time may be. */
export const MAX_AHEAD_MS = 3_600_000;

export const IN_FUTURE: ProblemItem = {
  code: 'in_future',
  detail: 'timestamp must not be more than an hour ahead',
  pointer: '/timestamp',
};

/** `keptFrom`: older events are rejected, epoch ms. */
export function timeProblem(at: number, now: number, keptFrom: number): ProblemItem | undefined {
  if (at > now + MAX_AHEAD_MS) return IN_FUTURE;
  if (at >= keptFrom) return undefined;
  const from = new Date(keptFrom).toISOString().slice(0, 10);
  return {
    code: 'too_old',
    detail: `timestamp must not be before ${from}: older events are not kept (EVENT_RETENTION_DAYS)`,
    pointer: '/timestamp',
  };
}
