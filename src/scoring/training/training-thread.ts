import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Settings } from '../../platform/settings.js';
import type { ModelKey } from '../model/training/trained.js';
import type { ThreadData, ThreadMessage, Trained, TrainRequest } from './training-messages.js';
import type { TrainingProgress } from './trainings.repository.js';

/** When running from source, as tests do, a thread needs the TypeScript loader. */
const isBuilt = !import.meta.url.endsWith('.ts');
const entry = new URL(isBuilt ? './training-worker.js' : './training-worker.ts', import.meta.url);
const hooks = new URL('../../../test/support/typescript.mjs', import.meta.url).href;

/** More threads would take time from the service and gain little. */
const MAX_THREADS = 4;
/** Heap for objects; the numbers of a history lie outside of it. Far more than a training of 100,000 accounts needs. */
const HEAP_MB = 4_096;

/** The thread was closed during a training. */
export class TrainingStopped extends Error {}

/** The database could not be reached. */
export class TrainingUnavailable extends Error {}

interface Waiting {
  readonly progress: (progress: TrainingProgress) => void;
  readonly resolve: (trained: Trained) => void;
  readonly reject: (error: Error) => void;
}

/** Reads and fits in a separate thread at lower priority, with its own connections. Must be closed, because it keeps the process alive. */
export class TrainingThread {
  private readonly worker: Worker;
  private waiting: Waiting | undefined;
  private ended: Error | undefined;

  constructor(settings: Settings, databaseUrl: string) {
    const workerData: ThreadData = {
      settings: { ...settings, secretsKey: null, bootstrapApiKey: null },
      databaseUrl,
      threads: Math.min(MAX_THREADS, availableParallelism()),
    };
    this.worker = new Worker(entry, {
      workerData,
      execArgv: isBuilt ? [] : ['--import', hooks],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.worker.on('message', (message: ThreadMessage) => this.take(message));
    this.worker.on('error', (error: Error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('The training thread ended')));
  }

  /** One at a time. Rejects with TrainingStopped, TrainingUnavailable or the training's own error. */
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
    this.end(new TrainingStopped('The training was stopped'));
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
