import { choosePairs } from './choose-pairs.js';
import type { OutOfBag } from './ensemble.js';
import type { RunTasks } from './fit.js';
import type { EbmData, Pair, ScreenResult, ScreenTask } from './task.js';

export function allPairs(features: number): Pair[] {
  const pairs: Pair[] = [];
  for (let a = 0; a < features; a++) for (let b = a + 1; b < features; b++) pairs.push([a, b]);
  return pairs;
}

/** Enough random draws over all pairs to detect one in a thousand. */
const DRAWS = 2_000;
const MIN_FLIPS = 4;
/** Limit of rows × pairs × flips: long, wide tables are screened on a sample of their rows. */
const MAX_LOOKS = 1e9;
/** Enough for a few threads to share evenly. */
const PARTS = 8;

type Screened = Pick<ScreenTask, 'data' | 'shapes' | 'seed'>;

/** The pairs that stand out from chance, highest gain first, judged by rows outside the bags. */
export async function findPairs(
  screened: Screened,
  left: OutOfBag,
  limit: number,
  run: RunTasks,
): Promise<Pair[]> {
  const pairs = allPairs(screened.shapes.length);
  if (pairs.length === 0 || limit === 0) return [];
  const flips = Math.max(MIN_FLIPS, Math.ceil(DRAWS / pairs.length));
  return choosePairs(pairs, await screen(screened, left, flips, run), limit);
}

/** All pairs, highest gain first, measured on the given out-of-bag rows. */
export async function rankPairs(
  screened: Screened,
  left: OutOfBag,
  run: RunTasks,
  isSelected: (row: number) => boolean = () => true,
): Promise<Pair[]> {
  const selected = left.rows.map((_, at) => at).filter((at) => isSelected(left.rows[at] as number));
  const rows = selected.map((at) => left.rows[at] as number);
  const logits = Float64Array.from(selected, (at) => left.logits[at] as number);
  const { gains } = await screen(screened, { ...left, rows, logits }, 0, run);
  return allPairs(screened.shapes.length)
    .map((pair, index) => ({ pair, gain: gains[index] as number }))
    .sort((a, b) => b.gain - a.gain)
    .map(({ pair }) => pair);
}

async function screen(
  { data, shapes, seed }: Screened,
  left: OutOfBag,
  flips: number,
  run: RunTasks,
): Promise<ScreenResult> {
  const pairs = allPairs(shapes.length);
  const stride = Math.max(1, Math.ceil((left.rows.length * pairs.length * (1 + flips)) / MAX_LOOKS));
  const selected = residualsOf(data, left, stride);
  const length = Math.ceil(pairs.length / PARTS);
  const tasks = Array.from({ length: Math.ceil(pairs.length / length) }, (_, part): ScreenTask => ({
    kind: 'screen',
    data,
    shapes,
    ...selected,
    pairs: pairs.slice(part * length, (part + 1) * length),
    seed,
    flips,
  }));
  const results = (await run(tasks)) as ScreenResult[];
  return {
    gains: Float64Array.from(results.flatMap((one) => [...one.gains])),
    chance: Float64Array.from(results.flatMap((one) => [...one.chance])),
  };
}

function residualsOf(
  { labels, weights }: EbmData,
  { rows, logits }: OutOfBag,
  stride: number,
): Pick<ScreenTask, 'rows' | 'gradients' | 'curvatures'> {
  const indexes = rows.map((_, at) => at).filter((at) => at % stride === 0);
  const selected = indexes.map((at) => rows[at] as number);
  const probabilities = Float64Array.from(indexes, (at) => 1 / (1 + Math.exp(-(logits[at] as number))));
  return {
    rows: selected,
    gradients: probabilities.map(
      (p, at) =>
        (weights[selected[at] as number] as number) * ((labels[selected[at] as number] as number) - p),
    ),
    curvatures: probabilities.map((p, at) => (weights[selected[at] as number] as number) * p * (1 - p)),
  };
}
