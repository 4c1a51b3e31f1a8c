import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DEFAULT_CARDS } from '../model/default-cards.js';
import type { Scorecard } from '../model/scorecard.js';

/** One version: never changed, so it may be kept in memory. */
export interface StoredCard {
  readonly scorecardId: number;
  readonly version: number;
  readonly card: Scorecard;
  /** Made by the service itself. */
  readonly builtIn: boolean;
  readonly retired: boolean;
  readonly createdAt: Date;
}

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
   * The newest version of each card that is in use; those that people defined come first, so they win over built-in ones for the same accounts. A release that changes a built-in card makes a new version; what people
   * defined or retired is left alone.
   */
  async active(): Promise<StoredCard[]> {
    const newest = await this.newest();
    const changed = DEFAULT_CARDS.filter((card) => {
      const stored = newest.find(({ card: { key } }) => key === card.key);
      return !stored || (stored.builtIn && !stored.retired && !sameJson(stored.card, card));
    });
    for (const card of changed) await this.add(this.dataSource.manager, card, { builtIn: true });
    const cards = changed.length > 0 ? await this.newest() : newest;
    const used = cards.filter(({ retired }) => !retired);
    return [...used.filter(({ builtIn }) => !builtIn), ...used.filter(({ builtIn }) => builtIn)];
  }

  /** The next version of its key; answers null when another was stored at the same moment. */
  async add(
    manager: EntityManager,
    card: Scorecard,
    { builtIn = false, retired = false } = {},
  ): Promise<StoredCard | null> {
    const [row] = await manager.query<Row[]>(
      `INSERT INTO scorecard (key, version, definition, built_in, retired)
       SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM scorecard WHERE key = $1
       ON CONFLICT (key, version) DO NOTHING RETURNING ${COLUMNS}`,
      [card.key, JSON.stringify({ card }), builtIn, retired],
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

  /** The newest first. */
  async versions(key: string): Promise<StoredCard[]> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT ${COLUMNS} FROM scorecard WHERE key = $1 ORDER BY version DESC`,
      [key],
    );
    return rows.map((row) => this.keep(row));
  }

  private async newest(): Promise<StoredCard[]> {
    const rows = await this.dataSource.query<Row[]>(
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
function sameJson(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
