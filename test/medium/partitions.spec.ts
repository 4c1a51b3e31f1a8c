import type { DataSource } from 'typeorm';
import { PartitionsService } from '../../src/intake/events/partitions.service.js';
import { Clock } from '../../src/platform/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { loadSettings } from '../../src/platform/settings.js';
import { createTestDatabase } from '../support/database.js';

class FixedClock extends Clock {
  constructor(public time: string) {
    super();
  }
  override now(): Date {
    return new Date(this.time);
  }
}

describe(PartitionsService.name, () => {
  let database: { url: string; drop(): Promise<void> };
  let dataSource: DataSource;
  const clock = new FixedClock('2026-03-15T12:00:00Z');
  const settings = loadSettings({ EVENT_RETENTION_DAYS: '60' });
  const service = (): PartitionsService => new PartitionsService(dataSource, settings, clock);
  const partitions = async (): Promise<string[]> => {
    const rows: { name: string }[] = await dataSource.query(
      `SELECT relid::text AS name FROM pg_partition_tree('event') WHERE isleaf ORDER BY 1`,
    );
    return rows.map((row) => row.name);
  };
  const at = (time: string): number => Date.parse(time);

  beforeEach(async () => {
    clock.time = '2026-03-15T12:00:00Z';
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('keeps whole months, including that of the oldest kept day', async () => {
    expect(new Date(await service().keptFrom()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('creates each month once, even concurrently from two instances', async () => {
    const times = [at('2026-03-31T23:59:59.999Z'), at('2026-02-01T00:00:00Z'), at('2026-03-01T00:00:00Z')];
    await Promise.all([service().ensure(times), service().ensure(times)]);
    expect(await partitions()).toEqual(['event_2026_02', 'event_2026_03']);
  });

  it('drops months older than retention, keeps the roll-ups and remembers the limit', async () => {
    const sut = service();
    await sut.ensure([at('2026-01-31T00:00:00Z'), at('2026-03-01T00:00:00Z')]);
    await dataSource.query(
      `INSERT INTO event (account_id, at, message_hash, event) VALUES (1, '2026-01-31', gen_random_uuid(), 'Ran')`,
    );
    await dataSource.query(
      `INSERT INTO usage_day (account_id, day, event, events) VALUES (1, '2026-01-31', 'Ran', 1)`,
    );
    expect(await sut.dropExpired()).toEqual([]);
    clock.time = '2026-04-02T00:00:00Z';
    expect(await sut.dropExpired()).toEqual(['event_2026_01']);
    expect(await partitions()).toEqual(['event_2026_03']);
    expect(await dataSource.query('SELECT events FROM usage_day')).toEqual([{ events: 1 }]);
    // Raising the setting later must not let an event in a second time that the roll-ups still hold.
    const longer = new PartitionsService(dataSource, loadSettings({ EVENT_RETENTION_DAYS: '400' }), clock);
    expect(new Date(await longer.keptFrom()).toISOString()).toBe('2026-02-01T00:00:00.000Z');
    expect(await sut.keptFrom()).toBe(await longer.keptFrom());
  });

  it('does not block intake behind a slow reader', async () => {
    const reader = dataSource.createQueryRunner();
    await reader.startTransaction();
    await reader.query('SELECT count(*) FROM event');
    await service().ensure([at('2026-02-01T00:00:00Z')]);
    expect(await partitions()).toEqual(['event_2026_02']);
    await reader.rollbackTransaction();
    await reader.release();
  });
});
