import pg from 'pg';
import { DataSource } from 'typeorm';
import { entities } from './entities.js';
import { migrations } from './migrations.js';

/** The type `bigint[]`, of which the driver has no name. */
const INT8_LIST = 1016;

export interface DataSourceLimits {
  poolSize?: number;
  applicationName?: string;
  onPoolError?: (error: Error) => void;
}

/**
 * Not yet connected. Its sessions run in UTC; raw queries give `date` as `YYYY-MM-DD` and `bigint` (and lists of it) as numbers, and
 * refuse to read one that a number cannot hold exactly. `numeric` stays a string.
 */
export function createDataSource(url: string, limits: DataSourceLimits = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logging: false,
    poolSize: limits.poolSize ?? 10,
    applicationName: limits.applicationName ?? 'steward',
    connectTimeoutMS: 5_000,
    // An idle connection that the server drops is replaced at the next use: no reason to stop the process.
    poolErrorHandler: limits.onPoolError ?? (() => undefined),
    // Compiling the large statements of the features takes seconds and saves milliseconds.
    extra: {
      options: '-c TimeZone=UTC -c jit=off',
      keepAlive: true,
      types: exactTypes(),
      Client: SteadyClient,
    },
  });
}

/**
 * A connection that breaks while it changes hands between pool and query runner has no listener, and Node would end the process. Whoever uses it
 * next is told by the failing query.
 */
class SteadyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

function exactTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.DATE, (text: string) => text);
  types.setTypeParser(pg.types.builtins.INT8, exactInteger);
  types.setTypeParser(INT8_LIST, exactIntegers);
  return types;
}

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond 2^53 cannot be read as a number');
  return value;
}

/** Of one dimension, such as `{1,NULL,3}`. */
function exactIntegers(text: string): (number | null)[] {
  const inside = text.slice(1, -1);
  if (inside === '') return [];
  return inside.split(',').map((entry) => (entry === 'NULL' ? null : exactInteger(entry)));
}
