import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Settings } from '../../platform/settings.js';
import type { ChurnModel } from '../model/churn-model.js';
import type { ModelKey, Propensity } from '../model/training/trained.js';
import type { ValueTerms } from '../model/value.js';

interface Definitions {
  churn: ChurnModel;
  contraction: Propensity;
  expansion: Propensity;
}

/** A version of one model. Immutable, so it can be cached. */
export interface ModelVersion<Key extends ModelKey = ModelKey> {
  readonly versionId: number;
  readonly key: Key;
  readonly version: number;
  readonly definition: Definitions[Key];
}

/** A version as shown to people. */
export interface DescribedVersion {
  readonly versionId: number;
  readonly key: ModelKey;
  readonly version: number;
  readonly basis: 'prior' | 'fitted';
  /** The UTC day of the facts it is based on. */
  readonly asOf: string;
  /** Report of its training; null if it was created by a score run, without a training. */
  readonly report: unknown;
  readonly taken: boolean;
  readonly createdAt: Date;
}

export interface NewVersion<Key extends ModelKey> {
  readonly key: Key;
  readonly asOf: string;
  readonly definition: Definitions[Key];
  readonly report?: unknown;
  readonly taken: boolean;
}

/** The versions that scores use, one of each model. */
export type ModelVersions = { readonly [Key in ModelKey]: ModelVersion<Key> };

/** What the scores of a day used: a version of each model, and the terms of value. Immutable. */
export interface StoredModel {
  readonly modelId: number;
  readonly churn: ChurnModel;
  /** Null if created before contraction was predicted. */
  readonly contraction: Propensity | null;
  readonly expansion: Propensity;
  readonly terms: ValueTerms;
  /** Of `churn`. */
  readonly version: number;
}

interface VersionRow {
  model_version_id: number;
  key: ModelKey;
  version: number;
  definition: never;
}

interface ModelRow {
  model_id: number;
  churn_id: number;
  contraction_id: number | null;
  expansion_id: number;
  terms: ValueTerms;
}

const VERSION = 'model_version_id, key, version, definition';
const DESCRIBED = `model_version_id AS "versionId", key, version, basis, as_of::text AS "asOf", report, taken, created_at AS "createdAt"`;
const MODEL = 'model_id, churn_id, contraction_id, expansion_id, terms';

@Injectable()
export class ModelsRepository {
  private readonly models = new Map<number, StoredModel>();
  private readonly known = new Map<number, ModelVersion>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  async addVersion<Key extends ModelKey>(
    made: NewVersion<Key>,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ModelVersion<Key>> {
    const { key, asOf, definition, report, taken } = made;
    for (;;) {
      const [row] = await manager.query<VersionRow[]>(
        `INSERT INTO model_version (key, version, basis, as_of, definition, report, taken)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6 FROM model_version WHERE key = $1
         ON CONFLICT (key, version) DO NOTHING RETURNING ${VERSION}`,
        [
          key,
          definition.basis,
          asOf,
          JSON.stringify(definition),
          report === undefined ? null : JSON.stringify(report),
          taken,
        ],
      );
      if (row) return this.keep(row) as ModelVersion<Key>;
    }
  }

  /**
   * The model of the last training that was taken into use: a fitted one, or an adjusted prior. Null: none was. Runs continue to adjust a
   * prior to the newest facts, in versions without a report. Models fitted to money of another currency are skipped.
   */
  async trained<Key extends ModelKey>(key: Key): Promise<ModelVersion<Key> | null> {
    const [row] = await this.dataSource.query<{ id: number }[]>(
      // Reports without a currency count only until a newer one has a currency.
      `SELECT model_version_id AS id FROM (
         SELECT model_version_id, version, basis, report -> 'data' ->> 'currency' AS currency
         FROM model_version WHERE key = $1 AND taken AND report IS NOT NULL) AS trained
       WHERE basis = 'prior' OR currency = $2 OR currency IS NULL AND NOT EXISTS (
         SELECT FROM model_version AS newer WHERE newer.key = $1 AND newer.taken AND newer.version > trained.version
           AND newer.report -> 'data' ->> 'currency' IS NOT NULL)
       ORDER BY version DESC LIMIT 1`,
      [key, this.settings.reportingCurrency],
    );
    return row ? ((await this.version(row.id)) as ModelVersion<Key>) : null;
  }

  /** The version that the next score will use; null before the first run. */
  async inUse<Key extends ModelKey>(key: Key): Promise<ModelVersion<Key> | null> {
    const trained = await this.trained(key);
    if (trained?.definition.basis === 'fitted') return trained;
    const [row] = await this.dataSource.query<{ id: number }[]>(
      `SELECT model_version_id AS id FROM model_version WHERE key = $1 AND taken AND basis = 'prior'
       ORDER BY version DESC LIMIT 1`,
      [key],
    );
    return row ? ((await this.version(row.id)) as ModelVersion<Key>) : null;
  }

  /** Newest first. `always`: ids to include beside versions with a report; null: all. `before`: only those with a smaller id. */
  async versions(page: {
    key?: ModelKey | undefined;
    always: readonly number[] | null;
    before?: number | undefined;
    limit: number;
  }): Promise<DescribedVersion[]> {
    return this.dataSource.query(
      `SELECT ${DESCRIBED} FROM model_version WHERE ($1::text IS NULL OR key = $1) AND ($2::int IS NULL OR model_version_id < $2)
         AND ($3::int[] IS NULL OR report IS NOT NULL OR model_version_id = ANY($3))
       ORDER BY model_version_id DESC LIMIT $4`,
      [page.key ?? null, page.before ?? null, page.always, page.limit],
    );
  }

  async findVersion(key: ModelKey, version: number): Promise<DescribedVersion | null> {
    const [row] = await this.dataSource.query<DescribedVersion[]>(
      `SELECT ${DESCRIBED} FROM model_version WHERE key = $1 AND version = $2`,
      [key, version],
    );
    return row ?? null;
  }

  /** Stores what scores use from now on. */
  async add(
    asOf: string,
    { churn, contraction, expansion }: ModelVersions,
    terms: ValueTerms,
  ): Promise<StoredModel> {
    const [row] = await this.dataSource.query<ModelRow[]>(
      `INSERT INTO model (as_of, churn_id, contraction_id, expansion_id, terms) VALUES ($1, $2, $3, $4, $5) RETURNING ${MODEL}`,
      [asOf, churn.versionId, contraction.versionId, expansion.versionId, JSON.stringify(terms)],
    );
    if (!row) throw new Error('a model was not stored');
    return this.open(row);
  }

  async get(modelId: number): Promise<StoredModel> {
    const found = this.models.get(modelId);
    if (found) return found;
    const [row] = await this.dataSource.query<ModelRow[]>(`SELECT ${MODEL} FROM model WHERE model_id = $1`, [
      modelId,
    ]);
    if (!row) throw new Error(`there is no model ${modelId}`);
    return this.open(row);
  }

  async getAll(modelIds: Iterable<number>): Promise<Map<number, StoredModel>> {
    const models = new Map<number, StoredModel>();
    for (const id of new Set(modelIds)) models.set(id, await this.get(id));
    return models;
  }

  private async version(versionId: number): Promise<ModelVersion> {
    const found = this.known.get(versionId);
    if (found) return found;
    const [row] = await this.dataSource.query<VersionRow[]>(
      `SELECT ${VERSION} FROM model_version WHERE model_version_id = $1`,
      [versionId],
    );
    if (!row) throw new Error(`there is no model version ${versionId}`);
    return this.keep(row);
  }

  private keep({ model_version_id: versionId, key, version, definition }: VersionRow): ModelVersion {
    const kept: ModelVersion = { versionId, key, version, definition };
    this.known.set(versionId, kept);
    return kept;
  }

  private async open(row: ModelRow): Promise<StoredModel> {
    const churn = (await this.version(row.churn_id)) as ModelVersion<'churn'>;
    const expansion = (await this.version(row.expansion_id)) as ModelVersion<'expansion'>;
    const contraction =
      row.contraction_id === null
        ? null
        : ((await this.version(row.contraction_id)) as ModelVersion<'contraction'>);
    const model = {
      modelId: row.model_id,
      churn: churn.definition,
      contraction: contraction?.definition ?? null,
      expansion: expansion.definition,
      terms: row.terms,
      version: churn.version,
    };
    this.models.set(model.modelId, model);
    return model;
  }
}
