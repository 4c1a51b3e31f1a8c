import { parentPort, workerData } from 'node:worker_threads';
import { Clock } from '../../platform/clock.js';
import { createDataSource } from '../../platform/database/data-source.js';
import { databaseProblem } from '../../platform/http/database-problem.js';
import { BagPool } from './bag-pool.js';
import { lowerPriority } from './lower-priority.js';
import { ModelTrainer } from './model-trainer.js';
import type { ThreadData, ThreadMessage, TrainRequest } from './training-messages.js';

/** Two connections read the facts, a third the rest. */
const CONNECTIONS = 3;

/** The thread of a TrainingThread. Runs until it is terminated. */
const { settings, databaseUrl, threads } = workerData as ThreadData;
lowerPriority();
const dataSource = createDataSource(databaseUrl, {
  poolSize: CONNECTIONS,
  applicationName: 'steward-training',
});
const pool = new BagPool(threads);
const trainer = new ModelTrainer(dataSource, settings, new Clock(), pool.run);

parentPort?.on('message', ({ key }: TrainRequest) => {
  train(key).then(post, (error: unknown) => {
    post({
      kind: 'failed',
      error: error instanceof Error ? error : new Error(String(error)),
      unavailable: databaseProblem(error)?.status === 503,
    });
  });
});

async function train(key: TrainRequest['key']): Promise<ThreadMessage> {
  if (!dataSource.isInitialized) await dataSource.initialize();
  const trained = await trainer.train(key, (step, done, total) =>
    post({ kind: 'progress', progress: { step, done, total } }),
  );
  return { kind: 'trained', trained };
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
