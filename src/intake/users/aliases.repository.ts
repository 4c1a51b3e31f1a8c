import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import { idsOfPerson, personOf } from './person.sql.js';
import { PersonGraph, type AliasVerdict } from './person-graph.js';

const ALIAS_LOCK = 7010;

export interface Alias {
  readonly alias: string;
  readonly userId: string;
}

/** Which user ids are one person. */
@Injectable()
export class AliasesRepository {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly erased: ErasedPersons,
  ) {}

  /**
   * Stores aliases in the given order and returns a verdict for each. `user_alias` maps each alias to the end of its chain, so readers
   * never recurse. Aliases of erased people are not stored.
   *
   * Takes a lock, so call it before the transaction writes anything else. Otherwise two transactions could deadlock.
   */
  async link(manager: EntityManager, stated: readonly Alias[]): Promise<AliasVerdict[]> {
    const gone = await this.erased.among(
      manager,
      stated.flatMap(({ alias, userId }) => [alias, userId]),
    );
    const isKept = ({ alias, userId }: Alias) => !gone.has(alias) && !gone.has(userId);
    const kept = stated.filter(isKept);
    const tried = await this.tryLinks(manager, kept);
    // Most identify calls repeat what is known and need no lock.
    const done = tried.verdicts.includes('linked') ? await this.linkLocked(manager, kept) : tried;
    const verdicts = done.verdicts[Symbol.iterator]();
    return stated.map((one) => (isKept(one) ? (verdicts.next().value ?? 'known') : 'known'));
  }

  private async tryLinks(
    manager: EntityManager,
    stated: readonly Alias[],
  ): Promise<{ verdicts: AliasVerdict[]; graph: PersonGraph }> {
    const graph = await this.graphOf(
      manager,
      stated.flatMap(({ alias, userId }) => [alias, userId]),
    );
    return { verdicts: stated.map(({ alias, userId }) => graph.link(alias, userId)), graph };
  }

  private async linkLocked(
    manager: EntityManager,
    stated: readonly Alias[],
  ): Promise<{ verdicts: AliasVerdict[] }> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [ALIAS_LOCK]);
    const { verdicts, graph } = await this.tryLinks(manager, stated);
    const changes = graph.changes();
    if (changes.length === 0) return { verdicts };
    const aliases = changes.map(({ alias }) => alias);
    await manager.query(
      `WITH changed AS (SELECT * FROM unnest($1::text[], $2::text[]) AS t(alias, person)),
       moved AS (UPDATE user_alias u SET user_id = c.person FROM changed c WHERE u.user_id = c.alias)
       INSERT INTO user_alias (alias, user_id) SELECT alias, person FROM changed`,
      [aliases, changes.map(({ person }) => person)],
    );
    await this.touchAccounts(manager, aliases);
    return { verdicts };
  }

  private async graphOf(manager: EntityManager, ids: readonly string[]): Promise<PersonGraph> {
    if (ids.length === 0) return new PersonGraph(new Map(), new Map());
    const rows: { id: string; person: string; aliases: number }[] = await manager.query(
      `SELECT id, person, (SELECT count(*)::int FROM user_alias WHERE user_id = person) AS aliases
       FROM (SELECT id, ${personOf('asked.id')} AS person FROM unnest($1::text[]) AS asked(id)) AS known`,
      [[...new Set(ids)]],
    );
    return new PersonGraph(
      new Map(rows.filter(({ id, person }) => id !== person).map(({ id, person }) => [id, person])),
      new Map(rows.map(({ person, aliases }) => [person, aliases])),
    );
  }

  /** These accounts count fewer users from now on and need a new score. */
  private async touchAccounts(manager: EntityManager, userIds: readonly string[]): Promise<void> {
    const ids = await this.allIds(manager, userIds);
    const rows: { account_id: number }[] = await manager.query(
      `SELECT account_id FROM user_account WHERE user_id = ANY($1)
       UNION SELECT account_id FROM record_ref WHERE kind = 'contacts' AND id = ANY($1)`,
      [ids],
    );
    await this.directory.touch(manager, new Map(rows.map((row) => [row.account_id, null])));
  }

  /** Every id of the people whom the given ids belong to. */
  async allIds(manager: EntityManager, userIds: readonly string[]): Promise<string[]> {
    if (userIds.length === 0) return [];
    const rows: { id: string }[] = await manager.query(
      `SELECT same.id FROM (SELECT DISTINCT ${personOf('asked.id')} AS person FROM unnest($1::text[]) AS asked(id)) AS known
       CROSS JOIN LATERAL (${idsOfPerson('person')}) AS same`,
      [userIds],
    );
    return rows.map((row) => row.id);
  }
}
