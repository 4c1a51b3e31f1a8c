import type { ProblemItem } from '../../platform/errors.js';

/** How far ahead a time may be. */
export const MAX_AHEAD_MS = 3_600_000;

export const IN_FUTURE: ProblemItem = {
  code: 'in_future',
  detail: 'timestamp is more than an hour ahead',
  pointer: '/timestamp',
};

/** `keptFrom`: the start of the kept range, epoch ms. */
export function timeProblem(at: number, now: number, keptFrom: number): ProblemItem | undefined {
  if (at > now + MAX_AHEAD_MS) return IN_FUTURE;
  if (at >= keptFrom) return undefined;
  const from = new Date(keptFrom).toISOString().slice(0, 10);
  return {
    code: 'too_old',
    detail: `timestamp is before ${from}, the start of the kept range (EVENT_RETENTION_DAYS)`,
    pointer: '/timestamp',
  };
}
