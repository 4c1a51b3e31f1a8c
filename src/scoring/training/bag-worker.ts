import { parentPort } from 'node:worker_threads';
import { runTask } from '../model/ebm/fit-bag.js';
import type { FitTask } from '../model/ebm/task.js';

/** A thread of BagPool: one task in, its result out. An error ends the thread, and the pool says so. */
parentPort?.on('message', (task: FitTask) => parentPort?.postMessage(runTask(task)));
