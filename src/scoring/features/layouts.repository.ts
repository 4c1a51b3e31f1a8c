import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../../platform/settings.js';
import { catalogueOf } from './catalogue.js';

/** How a score's row stores its features: in this order, as integers with this many decimals. */
export type Layout = readonly { readonly key: string; readonly decimals: number }[];

/** Immutable, so it is cached. */
export interface StoredLayout {
  readonly layoutId: number;
  readonly layout: Layout;
}

interface Row {
  layout_id: number;
  definition: Layout;
}

@Injectable()
export class LayoutsRepository {
  private readonly known = new Map<number, StoredLayout>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  /** The layout of the current catalogue, including configured traits and gauges. MRR has its own column: lists filter and sort by it, and it can exceed 32 bits. */
  async current(): Promise<StoredLayout> {
    const definition: Layout = catalogueOf(this.settings)
      .filter(({ key }) => key !== 'mrr')
      .map(({ key, decimals }) => ({
        key,
        decimals,
      }));
    const [newest] = await this.dataSource.query<Row[]>(
      'SELECT layout_id, definition FROM feature_layout ORDER BY layout_id DESC LIMIT 1',
    );
    if (newest && isDeepStrictEqual(newest.definition, definition)) return this.keep(newest);
    const [made] = await this.dataSource.query<Row[]>(
      'INSERT INTO feature_layout (definition) VALUES ($1) RETURNING layout_id, definition',
      [JSON.stringify(definition)],
    );
    if (!made) throw new Error('the layout was not stored');
    return this.keep(made);
  }

  async get(layoutId: number): Promise<StoredLayout> {
    const found = this.known.get(layoutId);
    if (found) return found;
    const [row] = await this.dataSource.query<Row[]>(
      'SELECT layout_id, definition FROM feature_layout WHERE layout_id = $1',
      [layoutId],
    );
    if (!row) throw new Error(`layout ${layoutId} does not exist`);
    return this.keep(row);
  }

  private keep({ layout_id: layoutId, definition: layout }: Row): StoredLayout {
    const stored = { layoutId, layout };
    this.known.set(layoutId, stored);
    return stored;
  }
}
