import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `joined_people` takes groups of ids, as JSON lists, and gives each id with the one that stands for all ids it shares a group with,
 * directly or in a chain. It is a function because the planner sizes the memory of a recursive query by a guess, and prepares
 * that memory for every account, needed or not.
 */
export class JoinedPeople1764400100002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION joined_people(groups jsonb) RETURNS TABLE (id text, person text)
      LANGUAGE sql IMMUTABLE PARALLEL SAFE SET work_mem = '64kB' AS $$
        WITH RECURSIVE named AS (
          SELECT g.place, member.id FROM jsonb_array_elements(groups) WITH ORDINALITY AS g(ids, place)
          CROSS JOIN LATERAL jsonb_array_elements_text(g.ids) AS member(id)
        ), same AS (
          SELECT named.id, named.id AS other FROM named
          UNION SELECT same.id, b.id FROM same JOIN named a ON a.id = same.other JOIN named b ON b.place = a.place
        )
        SELECT same.id, min(same.other COLLATE "C") FROM same GROUP BY same.id
      $$
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION joined_people(jsonb)');
  }
}
