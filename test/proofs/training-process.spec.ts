import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { loadCompany } from '../../bench/company/load-company.js';
import { startService, type Service } from '../../bench/service.js';
import { simulate } from '../../src/demo/simulate.js';
import type { TrainingDto } from '../../src/scoring/training/training.dto.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { client } from '../support/client.js';

async function statusOf(url: string): Promise<string | undefined> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const { rows } = await db.query<{ status: string }>('SELECT status FROM training');
  await db.end();
  return rows[0]?.status;
}

describe('a training in the built service', () => {
  let database: TestDatabase;
  let service: Service;

  const start = async (): Promise<void> => {
    service = await startService({
      env: { DATABASE_URL: database.url, ALLOW_DATA_LOSS_FOR_TESTS: 'yes', LOG_LEVEL: 'warn' },
    });
  };

  beforeAll(async () => {
    database = await createEmptyDatabase();
    await start();
    const db = new pg.Client({ connectionString: database.url });
    await db.connect();
    await loadCompany(
      db,
      simulate({ seed: 5, accounts: 120, months: 18, until: new Date(), monthlyChurn: 0.06 }),
    );
    await db.end();
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  const until = async (holds: (training: TrainingDto) => boolean, path: string): Promise<TrainingDto> => {
    for (;;) {
      const training = (await client(service).call('GET', path)).body as unknown as TrainingDto;
      if (training.status === 'failed') throw new Error(`${training.error}\n${service.output()}`);
      if (holds(training)) return training;
      await sleep(20);
    }
  };

  it('does not delay a stop, and is completed by the next start', async () => {
    const { body } = await client(service).call('POST', '/v1/models/churn/trainings');
    const path = `/v1/models/churn/trainings/${String(body['id'])}`;
    await until(({ status }) => status === 'running', path);
    expect(await service.stop()).toBe(0);
    expect(await statusOf(database.url)).toBe('queued');
    await start();
    const ended = await until(({ status }) => status === 'succeeded', path);
    expect(ended).toMatchObject({ status: 'succeeded', error: null });
    expect(Number(ended.version)).toBeGreaterThan(0);
  }, 1_800_000);
});
