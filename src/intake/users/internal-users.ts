import { personOf } from './person.sql.js';

/** Aliases that are addresses; as the index on `user_alias` has it. */
const DOMAIN_OF_ALIAS = `split_part(lower(alias), '@', 2)`;

/**
 * SQL for the company's own people, each as the id that stands for the person: contacts of an internal account, and anybody
 * with an address in one of its domains. They are not active users, on past days neither. `domains` is the placeholder of a
 * text[]. An id that is itself an address in one of the domains is not listed: readers check that beside.
 */
export function internalUsers(domains: string): string {
  return `SELECT ${personOf('own.id')} FROM (
      SELECT unnest(c.user_ids || c.id) AS id FROM contact c WHERE split_part(lower(c.email), '@', 2) = ANY(${domains})
      UNION ALL SELECT unnest(c.user_ids || c.id) FROM account_state s JOIN contact c USING (account_id) WHERE s.internal
    ) AS own
    UNION ALL SELECT user_id FROM user_alias WHERE strpos(alias, '@') > 0 AND ${DOMAIN_OF_ALIAS} = ANY(${domains})`;
}
