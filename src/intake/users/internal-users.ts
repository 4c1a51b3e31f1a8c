/**
 * SQL for the ids of users who are the company's own people: contacts of an internal account, or anybody with an address
 * in one of its domains. They are no active users, also in retrospect. `domains` is the placeholder of a text[].
 */
export function internalUsers(domains: string): string {
  return `SELECT unnest(c.user_ids) FROM contact c
    WHERE split_part(lower(c.email), '@', 2) = ANY(${domains})
       OR EXISTS (SELECT FROM account_state s WHERE s.account_id = c.account_id AND s.internal)`;
}
