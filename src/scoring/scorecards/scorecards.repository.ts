import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CATALOGUE } from '../features/catalogue.js';
import { DEFAULT_CARD } from '../model/default-card.js';
import type { Scorecard } from '../model/scorecard.js';

/** How the features of a score stand in its row: in this order, as whole numbers with so many decimals. */
export type Layout = readonly { readonly key: string; readonly decimals: number }[];

interface Definition {
  card: Scorecard;
  layout: Layout;
}

/** One version: never changed, so it may be kept in memory. */
export interface StoredCard extends Definition {
  scorecardId: number;
  version: number;
}

interface Row {
  scorecard_id: number;
  version: number;
  definition: Definition;
  built_in: boolean;
}

/** MRR has a column of its own: it is filtered and sorted by, and outgrows 32 bits. */
const LAYOUT: Layout = CATALOGUE.filter(({ key }) => key !== 'mrr').map(({ key, decimals }) => ({
  key,
  decimals,
}));

const COLUMNS = 'scorecard_id, version, definition, built_in';

@Injectable()
export class ScorecardsRepository implements OnModuleInit {
  private readonly known = new Map<number, StoredCard>();

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    await this.current();
  }

  /** The newest version. A release that changes the built-in card or the catalogue makes a new one; what people defined is left alone. */
  async current(): Promise<StoredCard> {
    const definition: Definition = { card: DEFAULT_CARD, layout: LAYOUT };
    const newest = await this.newest(DEFAULT_CARD.key);
    if (newest && (!newest.built_in || sameJson(newest.definition, definition))) return this.keep(newest);
    await this.dataSource.query(
      `INSERT INTO scorecard (key, version, definition, built_in) VALUES ($1, $2, $3, true) ON CONFLICT (key, version) DO NOTHING`,
      [DEFAULT_CARD.key, (newest?.version ?? 0) + 1, JSON.stringify(definition)],
    );
    const made = await this.newest(DEFAULT_CARD.key);
    if (!made) throw new Error('the scorecard that was just stored is gone');
    return this.keep(made);
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

  private async newest(key: string): Promise<Row | undefined> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT ${COLUMNS} FROM scorecard WHERE key = $1 ORDER BY version DESC LIMIT 1`,
      [key],
    );
    return row;
  }

  private keep({ scorecard_id: scorecardId, version, definition }: Row): StoredCard {
    const card = { ...definition, scorecardId, version };
    this.known.set(scorecardId, card);
    return card;
  }
}

/** Compared as JSON: the database does not keep the order of members. */
function sameJson(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
