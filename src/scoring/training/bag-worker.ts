import { parentPort } from 'node:worker_threads';
import { runTask } from '../model/ebm/fit-bag.js';
import type { FitTask } from '../model/ebm/task.js';

/** A thread of BagPool: receives a task, returns its result. An error ends the thread and rejects in the pool. */
parentPort?.on('message', (task: FitTask) => parentPort?.postMessage(runTask(task)));
