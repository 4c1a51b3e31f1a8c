import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `user_alias.user_id` becomes the end of the chain of aliases. Where older versions stored a circle, the smallest of its
 * ids becomes the person's id.
 */
export class AliasEnds1764400100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      WITH RECURSIVE walk (alias, id, path) AS (
        SELECT alias, user_id, ARRAY[alias] FROM user_alias
        UNION ALL
        SELECT w.alias, u.user_id, w.path || w.id FROM walk w JOIN user_alias u ON u.alias = w.id WHERE w.id <> ALL (w.path)
      ), last AS (
        SELECT DISTINCT ON (alias) alias, id, path FROM walk ORDER BY alias, cardinality(path) DESC
      ), flat AS (
        SELECT alias, CASE WHEN id = ANY (path)
          THEN (SELECT min(step) FROM unnest(path[array_position(path, id):]) AS step) ELSE id END AS user_id
        FROM last
      )
      UPDATE user_alias u SET user_id = flat.user_id FROM flat WHERE u.alias = flat.alias AND u.user_id <> flat.user_id
    `);
    await runner.query('DELETE FROM user_alias WHERE alias = user_id');
    await runner.query(`
      CREATE INDEX user_alias_email_domain ON user_alias (split_part(lower(alias), '@', 2)) WHERE strpos(alias, '@') > 0
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX user_alias_email_domain');
  }
}
