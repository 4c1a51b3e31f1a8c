import type { ProblemItem } from '../../platform/errors.js';

/** Where a field of the record that a call states stands in the call: a client is told of fields that it knows. */
const SENT_AS: Record<'identify' | 'group', Readonly<Record<string, string>>> = {
  identify: { '/id': '/userId', '/accountId': '/context/groupId', '/effectiveAt': '/timestamp' },
  group: { '/id': '/groupId', '/effectiveAt': '/timestamp' },
};

export function asSent(call: keyof typeof SENT_AS, problem: ProblemItem): ProblemItem {
  const { pointer } = problem;
  return pointer === undefined ? problem : { ...problem, pointer: SENT_AS[call][pointer] ?? pointer };
}
