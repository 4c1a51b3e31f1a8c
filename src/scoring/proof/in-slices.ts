import { setImmediate as othersTurn } from 'node:timers/promises';

const SLICE = 1_000;

/** Processes a few items at a time, so that other requests are answered in between. */
export async function inSlices(
  places: ArrayLike<number>,
  work: (slice: readonly number[]) => void,
): Promise<void> {
  for (let first = 0; first < places.length; first += SLICE) {
    work(Array.from({ length: Math.min(SLICE, places.length - first) }, (_, at) => places[first + at] ?? 0));
    await othersTurn();
  }
}
