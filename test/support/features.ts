import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { loadSettings } from '../../src/platform/settings.js';
import type { AccountFeatures } from '../../src/scoring/features/account-features.js';
import type { Features } from '../../src/scoring/features/catalogue.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { createTestDatabase } from './database.js';
import { Facts } from './facts.js';

export interface FeaturesBench {
  dataSource: DataSource;
  facts: Facts;
  sut: FeaturesRepository;
  all(asOf: string, ids?: number[]): Promise<AccountFeatures[]>;
  /** Features of one account. */
  of(accountId: number, asOf: string): Promise<Features>;
  close(): Promise<void>;
}

/** Features over their own database with facts inserted directly, as of 1 June 2025. */
export async function openFeatures(env: Record<string, string> = {}): Promise<FeaturesBench> {
  const database = await createTestDatabase();
  const dataSource = await createDataSource(database.url).initialize();
  const sut = new FeaturesRepository(loadSettings(env), { now: () => new Date('2025-06-01T12:00:00Z') });
  const all = (asOf: string, ids?: number[]) => sut.features(dataSource.manager, asOf, ids);
  return {
    dataSource,
    facts: new Facts(dataSource),
    sut,
    all,
    of: async (accountId, asOf) => {
      const [found] = await all(asOf, [accountId]);
      if (!found) throw new Error('left out');
      return found.features;
    },
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
