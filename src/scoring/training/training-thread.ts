import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Settings } from '../../platform/settings.js';
import type { ModelKey } from '../model/training/trained.js';
import type { ThreadData, ThreadMessage, Trained, TrainRequest } from './training-messages.js';
import type { TrainingProgress } from './trainings.repository.js';

/** From the sources, as tests run, a thread needs what reads TypeScript. */
const isBuilt = !import.meta.url.endsWith('.ts');
const entry = new URL(isBuilt ? './training-worker.js' : './training-worker.ts', import.meta.url);
const hooks = new URL('../../../test/support/typescript.mjs', import.meta.url).href;

/** More of them would leave less to the service and gain little. */
const MOST_THREADS = 4;
/** Objects alone: the numbers of a history lie outside. Far more than a training of 100,000 accounts takes. */
const HEAP_MB = 4_096;

/** It was closed in the middle of a training. */
export class TrainingStopped extends Error {}

/** The database could not be reached. */
export class TrainingUnavailable extends Error {}

interface Waiting {
  readonly progress: (progress: TrainingProgress) => void;
  readonly resolve: (trained: Trained) => void;
  readonly reject: (error: Error) => void;
}

/** Reads and fits beside the service, at a lower priority and with connections of its own. Close it: it keeps the process alive. */
export class TrainingThread {
  private readonly worker: Worker;
  private waiting: Waiting | undefined;
  private ended: Error | undefined;

  constructor(settings: Settings, databaseUrl: string) {
    const workerData: ThreadData = {
      settings: { ...settings, secretsKey: null, bootstrapApiKey: null },
      databaseUrl,
      threads: Math.min(MOST_THREADS, availableParallelism()),
    };
    this.worker = new Worker(entry, {
      workerData,
      execArgv: isBuilt ? [] : ['--import', hooks],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.worker.on('message', (message: ThreadMessage) => this.take(message));
    this.worker.on('error', (error: Error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('the training thread ended')));
  }

  /** One at a time. Rejects with TrainingStopped and TrainingUnavailable, and with what went wrong. */
  train(key: ModelKey, progress: Waiting['progress']): Promise<Trained> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      this.waiting = { progress, resolve, reject };
      const request: TrainRequest = { key };
      this.worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    this.end(new TrainingStopped('the training was stopped'));
    await this.worker.terminate();
  }

  private take(message: ThreadMessage): void {
    const { waiting } = this;
    if (message.kind === 'progress') {
      waiting?.progress(message.progress);
      return;
    }
    this.waiting = undefined;
    if (message.kind === 'trained') waiting?.resolve(message.trained);
    else
      waiting?.reject(message.unavailable ? new TrainingUnavailable(message.error.message) : message.error);
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.waiting?.reject(this.ended);
    this.waiting = undefined;
  }
}
