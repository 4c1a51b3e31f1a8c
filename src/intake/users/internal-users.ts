/**
 * SQL for the ids of users who are the company's own people: contacts of an internal account, or anybody with an address
 * in one of its domains. They are no active users, also in retrospect. `domains` is the placeholder of a text[].
 */
export function internalUsers(domains: string): string {
  return `SELECT unnest(c.user_ids) FROM contact c WHERE split_part(lower(c.email), '@', 2) = ANY(${domains})
    UNION ALL SELECT unnest(c.user_ids) FROM account_state s JOIN contact c USING (account_id) WHERE s.internal`;
}
