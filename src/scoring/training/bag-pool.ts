import { Worker } from 'node:worker_threads';
import type { FitResult, FitTask } from '../model/ebm/task.js';

/** When running from source, as tests do, a thread needs the TypeScript loader. */
const isBuilt = !import.meta.url.endsWith('.ts');
const entry = new URL(isBuilt ? './bag-worker.js' : './bag-worker.ts', import.meta.url);
const hooks = new URL('../../../test/support/typescript.mjs', import.meta.url).href;

interface Waiting {
  readonly task: FitTask;
  readonly resolve: (result: FitResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs the tasks of fits in worker threads, one per thread at a time, in order of request. Must be closed, because its threads keep the
 * process alive.
 */
export class BagPool {
  private readonly waiting: Waiting[] = [];
  private readonly running = new Map<Worker, Waiting | undefined>();
  private failure: Error | undefined;

  constructor(threads: number) {
    for (let thread = 0; thread < threads; thread++) {
      const worker = new Worker(entry, { execArgv: isBuilt ? [] : ['--import', hooks] });
      worker.on('message', (result: FitResult) => this.finish(worker, result));
      worker.on('error', (error: Error) => this.fail(error));
      worker.on('exit', () => this.fail(new Error('A fitting thread ended')));
      this.running.set(worker, undefined);
    }
  }

  /** Results in the order of the tasks. Rejects if a thread dies or the pool is closed, and so do all later calls. */
  readonly run = (tasks: readonly FitTask[]): Promise<FitResult[]> => {
    const results = tasks.map(
      (task) =>
        new Promise<FitResult>((resolve, reject) => {
          if (this.failure) reject(this.failure);
          else this.waiting.push({ task, resolve, reject });
        }),
    );
    for (const [worker, busy] of this.running) if (!busy) this.next(worker);
    return Promise.all(results);
  };

  async close(): Promise<void> {
    this.fail(new Error('The fit was stopped'));
    await Promise.all([...this.running.keys()].map((worker) => worker.terminate()));
  }

  private next(worker: Worker): void {
    const one = this.waiting.shift();
    this.running.set(worker, one);
    if (one) worker.postMessage(one.task);
  }

  private finish(worker: Worker, result: FitResult): void {
    this.running.get(worker)?.resolve(result);
    this.next(worker);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const one of [...this.running.values(), ...this.waiting.splice(0)]) one?.reject(this.failure);
  }
}
