import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../../platform/settings.js';
import { catalogueOf } from './catalogue.js';

/** How the features of a score stand in its row: in this order, as whole numbers with so many decimals. */
export type Layout = readonly { readonly key: string; readonly decimals: number }[];

/** Never changed, so it may be kept in memory. */
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

  /** That of the present catalogue, configured traits and gauges included. MRR has a column of its own: it is filtered and sorted by, and outgrows 32 bits. */
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
    if (!row) throw new Error(`there is no layout ${layoutId}`);
    return this.keep(row);
  }

  private keep({ layout_id: layoutId, definition: layout }: Row): StoredLayout {
    const stored = { layoutId, layout };
    this.known.set(layoutId, stored);
    return stored;
  }
}
