/** SQL for the ids that are the same user as `id` (an SQL expression), itself among them: one alias away, either way. */
export function sameUser(id: string): string {
  return `SELECT ${id} AS id UNION ALL SELECT user_id FROM user_alias WHERE alias = ${id}
    UNION ALL SELECT alias FROM user_alias WHERE user_id = ${id}`;
}
