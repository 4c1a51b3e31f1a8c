import type { ProblemItem } from '../../platform/errors.js';

/** Maps a record's fields to those of the call, so that errors name fields the client knows. */
const SENT_AS: Record<'identify' | 'group', Readonly<Record<string, string>>> = {
  identify: { '/id': '/userId', '/accountId': '/context/groupId', '/effectiveAt': '/timestamp' },
  group: { '/id': '/groupId', '/effectiveAt': '/timestamp' },
};

export function asSent(call: keyof typeof SENT_AS, problem: ProblemItem): ProblemItem {
  const { pointer } = problem;
  return pointer === undefined ? problem : { ...problem, pointer: SENT_AS[call][pointer] ?? pointer };
}
