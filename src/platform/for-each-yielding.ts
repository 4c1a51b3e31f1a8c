import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 20;

/** Like `forEach`, but yields to the event loop in between, so that long lists do not block other requests. */
export async function forEachYielding<T>(
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
