import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DEFAULT_CARDS } from '../model/default-cards.js';
import type { Scorecard } from '../model/scorecard.js';

/** A version of a scorecard. Immutable, so it can be cached. */
export interface StoredCard {
  readonly scorecardId: number;
  readonly version: number;
  readonly card: Scorecard;
  /** Whether it comes with Steward. */
  readonly builtIn: boolean;
  readonly retired: boolean;
  readonly createdAt: Date;
}

export type CardVersion = Pick<StoredCard, 'version' | 'builtIn' | 'retired' | 'createdAt'>;

interface Row {
  scorecard_id: number;
  version: number;
  definition: { card: Scorecard };
  built_in: boolean;
  retired: boolean;
  created_at: Date;
}

const COLUMNS = 'scorecard_id, version, definition, built_in, retired, created_at';

@Injectable()
export class ScorecardsRepository implements OnModuleInit {
  private readonly known = new Map<number, StoredCard>();

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    await this.active();
  }

  /**
   * The latest version of each scorecard in use, custom ones first, so that they win over built-in ones for the same
   * accounts. A release that changes a built-in scorecard creates a new version; custom and retired ones are left alone.
   */
  async active(): Promise<StoredCard[]> {
    const newest = await this.newest();
    const changed = DEFAULT_CARDS.filter((card) => {
      const stored = newest.find(({ card: { key } }) => key === card.key);
      return !stored || (stored.builtIn && !stored.retired && !sameJson(stored.card, card));
    });
    for (const card of changed) {
      const known = newest.find(({ card: { key } }) => key === card.key)?.version ?? 0;
      // If several instances start at once, one of them creates it.
      await this.add(this.dataSource.manager, card, { builtIn: true, version: known + 1 });
    }
    const cards = changed.length > 0 ? await this.newest() : newest;
    const used = cards.filter(({ retired }) => !retired);
    return [...used.filter(({ builtIn }) => !builtIn), ...used.filter(({ builtIn }) => builtIn)];
  }

  /** Stores the next version of its key, or the given one; null if that version already exists. */
  async add(
    manager: EntityManager,
    card: Scorecard,
    {
      builtIn = false,
      retired = false,
      version,
    }: { builtIn?: boolean; retired?: boolean; version?: number } = {},
  ): Promise<StoredCard | null> {
    const [row] = await manager.query<Row[]>(
      `INSERT INTO scorecard (key, version, definition, built_in, retired)
       SELECT $1, coalesce($5, max(version) + 1, 1), $2, $3, $4 FROM scorecard WHERE key = $1
       ON CONFLICT (key, version) DO NOTHING RETURNING ${COLUMNS}`,
      [card.key, JSON.stringify({ card }), builtIn, retired, version ?? null],
    );
    return row ? this.keep(row) : null;
  }

  async get(scorecardId: number): Promise<StoredCard> {
    const found = this.known.get(scorecardId);
    if (found) return found;
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT ${COLUMNS} FROM scorecard WHERE scorecard_id = $1`,
      [scorecardId],
    );
    if (!row) throw new Error(`there is no scorecard ${scorecardId}`);
    return this.keep(row);
  }

  async getAll(scorecardIds: Iterable<number>): Promise<Map<number, StoredCard>> {
    const cards = new Map<number, StoredCard>();
    for (const id of new Set(scorecardIds)) cards.set(id, await this.get(id));
    return cards;
  }

  /** Serializes changes until the transaction ends, since each is validated against the current scorecards. */
  async lock(manager: EntityManager): Promise<void> {
    await manager.query('LOCK TABLE scorecard IN SHARE ROW EXCLUSIVE MODE');
  }

  /** The version, or the latest. */
  async find(manager: EntityManager, key: string, version: number | null): Promise<StoredCard | null> {
    const [row] = await manager.query<Row[]>(
      `SELECT ${COLUMNS} FROM scorecard WHERE key = $1 AND ($2::int IS NULL OR version = $2) ORDER BY version DESC LIMIT 1`,
      [key, version],
    );
    return row ? this.keep(row) : null;
  }

  /** Newest first, without definitions. */
  async versions(manager: EntityManager, key: string): Promise<CardVersion[]> {
    return manager.query<CardVersion[]>(
      `SELECT version, built_in AS "builtIn", retired, created_at AS "createdAt" FROM scorecard WHERE key = $1 ORDER BY version DESC`,
      [key],
    );
  }

  /** The latest version of each scorecard by key, including retired ones. */
  async newest(manager: EntityManager = this.dataSource.manager): Promise<StoredCard[]> {
    const rows = await manager.query<Row[]>(
      `SELECT DISTINCT ON (key) ${COLUMNS} FROM scorecard ORDER BY key, version DESC`,
    );
    return rows.map((row) => this.keep(row));
  }

  private keep(row: Row): StoredCard {
    const card: StoredCard = {
      scorecardId: row.scorecard_id,
      version: row.version,
      card: row.definition.card,
      builtIn: row.built_in,
      retired: row.retired,
      createdAt: row.created_at,
    };
    this.known.set(card.scorecardId, card);
    return card;
  }
}

/** Compared as JSON: the database does not keep the order of members. */
export function sameJson(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
