import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ChurnModel } from '../model/churn-model.js';
import type { ExpansionPrior } from '../model/expansion-prior.js';
import type { ValueTerms } from '../model/value.js';

interface Definition {
  readonly churn: ChurnModel;
  readonly expansion: ExpansionPrior;
  readonly terms: ValueTerms;
}

/** One version: never changed, so it may be kept in memory. */
export interface StoredModel extends Definition {
  readonly modelId: number;
  readonly key: string;
  readonly version: number;
}

interface Row {
  model_id: number;
  key: string;
  version: number;
  definition: Definition;
}

const KEY = 'churn';
const COLUMNS = 'model_id, key, version, definition';

@Injectable()
export class ModelsRepository {
  private readonly known = new Map<number, StoredModel>();

  constructor(private readonly dataSource: DataSource) {}

  /** A new version, made from the facts of the day. */
  async add(asOf: string, definition: Definition): Promise<StoredModel> {
    for (;;) {
      const [made] = await this.dataSource.query<Row[]>(
        `INSERT INTO model (key, version, basis, as_of, definition)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM model WHERE key = $1
         ON CONFLICT (key, version) DO NOTHING RETURNING ${COLUMNS}`,
        [KEY, definition.churn.basis, asOf, JSON.stringify(definition)],
      );
      if (made) return this.keep(made);
    }
  }

  async get(modelId: number): Promise<StoredModel> {
    const found = this.known.get(modelId);
    if (found) return found;
    const [row] = await this.dataSource.query<Row[]>(`SELECT ${COLUMNS} FROM model WHERE model_id = $1`, [
      modelId,
    ]);
    if (!row) throw new Error(`there is no model ${modelId}`);
    return this.keep(row);
  }

  async getAll(modelIds: Iterable<number>): Promise<Map<number, StoredModel>> {
    const models = new Map<number, StoredModel>();
    for (const id of new Set(modelIds)) models.set(id, await this.get(id));
    return models;
  }

  private keep({ model_id: modelId, key, version, definition }: Row): StoredModel {
    const model = { ...definition, modelId, key, version };
    this.known.set(modelId, model);
    return model;
  }
}
