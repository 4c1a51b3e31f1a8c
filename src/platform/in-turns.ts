import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 20;

/** As `forEach`, but other requests have their turn in between when there is much to do. */
export async function eachInTurns<T>(
  items: readonly T[],
  take: (item: T, index: number) => void,
): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for (const [index, item] of items.entries()) {
    if (performance.now() > until) {
      await nextTurn();
      until = performance.now() + SLICE_MS;
    }
    take(item, index);
  }
}
