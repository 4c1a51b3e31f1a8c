import { personOf } from './person.sql.js';

/** Written as in the index on `user_alias`. */
const DOMAIN_OF_ALIAS = `split_part(lower(alias), '@', 2)`;

/**
 * SQL for the vendor's own people, each by the person's id: contacts of internal accounts, and anyone with an address in one of the
 * vendor's domains. They never count as active users, on past days either. `domains` is the placeholder of a text[]. A person id
 * that is itself an address in one of the domains is not listed; readers check for that separately.
 */
export function internalUsers(domains: string): string {
  return `SELECT ${personOf('own.id')} FROM (
      SELECT unnest(c.user_ids || c.id) AS id FROM contact c WHERE split_part(lower(c.email), '@', 2) = ANY(${domains})
      UNION ALL SELECT unnest(c.user_ids || c.id) FROM account_state s JOIN contact c USING (account_id) WHERE s.internal
    ) AS own
    UNION ALL SELECT user_id FROM user_alias WHERE strpos(alias, '@') > 0 AND ${DOMAIN_OF_ALIAS} = ANY(${domains})`;
}
