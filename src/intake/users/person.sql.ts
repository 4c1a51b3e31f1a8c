/**
 * A person may be known under many user ids. `user_alias` maps each alias straight to the end of its chain (see
 * AliasesRepository), so one lookup finds the person. The id at the end stands for the person.
 */

/** SQL for the person that the user id `id` (an SQL expression) belongs to. */
export function personOf(id: string): string {
  return `coalesce((SELECT user_id FROM user_alias WHERE alias = ${id}), ${id})`;
}

/** SQL for every user id of `person`, the person's own id included. */
export function idsOfPerson(person: string): string {
  return `SELECT ${person} AS id UNION ALL SELECT alias FROM user_alias WHERE user_id = ${person}`;
}
