import pg from 'pg';
import { DataSource } from 'typeorm';
import { entities } from './entities.js';
import { migrations } from './migrations.js';

/** The type `bigint[]`, which the driver has no name for. */
const INT8_LIST = 1016;

export interface DataSourceLimits {
  poolSize?: number;
  applicationName?: string;
  onPoolError?: (error: Error) => void;
}

/**
 * Creates the data source without connecting. Sessions run in UTC. Raw queries return `date` as `YYYY-MM-DD`, and `bigint`
 * (and lists of it) as numbers; they throw if a number cannot represent the value exactly. `numeric` stays a string.
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
    // A dropped idle connection is replaced at its next use, so this must not stop the process.
    poolErrorHandler: limits.onPoolError ?? (() => undefined),
    // JIT off: compiling the large feature queries takes seconds and saves milliseconds.
    extra: {
      options: '-c TimeZone=UTC -c jit=off',
      keepAlive: true,
      types: exactTypes(),
      Client: SteadyClient,
    },
  });
}

/**
 * A connection that breaks between pool and query runner has no error listener, which would crash the process. Its next
 * user gets the error from the query.
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

/** Parses a one-dimensional array such as `{1,NULL,3}`. */
function exactIntegers(text: string): (number | null)[] {
  const inside = text.slice(1, -1);
  if (inside === '') return [];
  return inside.split(',').map((entry) => (entry === 'NULL' ? null : exactInteger(entry)));
}
