import { choosePairs } from './choose-pairs.js';
import type { OutOfBag } from './ensemble.js';
import type { RunTasks } from './fit.js';
import type { EbmData, Pair, ScreenResult, ScreenTask } from './task.js';

export function allPairs(features: number): Pair[] {
  const pairs: Pair[] = [];
  for (let a = 0; a < features; a++) for (let b = a + 1; b < features; b++) pairs.push([a, b]);
  return pairs;
}

/** Draws of chance over all pairs that tell one in a thousand. */
const DRAWS = 2_000;
const MIN_FLIPS = 4;
/** Rows × pairs × flips that are looked at: of wide and long tables not every row is. */
const MAX_LOOKS = 1e9;
/** Enough for a few threads to share evenly. */
const PARTS = 8;

/** The pairs that say something beyond their features, most first, judged by rows that were outside the bags. */
export async function findPairs(
  { data, shapes, seed }: Pick<ScreenTask, 'data' | 'shapes' | 'seed'>,
  left: OutOfBag,
  limit: number,
  run: RunTasks,
): Promise<Pair[]> {
  const pairs = allPairs(shapes.length);
  if (pairs.length === 0 || limit === 0) return [];
  const flips = Math.max(MIN_FLIPS, Math.ceil(DRAWS / pairs.length));
  const stride = Math.ceil((left.rows.length * pairs.length * (1 + flips)) / MAX_LOOKS);
  const asked = residualsOf(data, left, stride);
  const length = Math.ceil(pairs.length / PARTS);
  const tasks = Array.from({ length: Math.ceil(pairs.length / length) }, (_, part): ScreenTask => ({
    kind: 'screen',
    data,
    shapes,
    ...asked,
    pairs: pairs.slice(part * length, (part + 1) * length),
    seed,
    flips,
  }));
  const results = (await run(tasks)) as ScreenResult[];
  const gains = Float64Array.from(results.flatMap((one) => [...one.gains]));
  const chance = Float64Array.from(results.flatMap((one) => [...one.chance]));
  return choosePairs(pairs, { gains, chance }, limit);
}

function residualsOf(
  { labels, weights }: EbmData,
  { rows, logits }: OutOfBag,
  stride: number,
): Pick<ScreenTask, 'rows' | 'gradients' | 'curvatures'> {
  const places = rows.map((_, at) => at).filter((at) => at % stride === 0);
  const asked = places.map((at) => rows[at] as number);
  const probabilities = Float64Array.from(places, (at) => 1 / (1 + Math.exp(-(logits[at] as number))));
  return {
    rows: asked,
    gradients: probabilities.map(
      (p, at) => (weights[asked[at] as number] as number) * ((labels[asked[at] as number] as number) - p),
    ),
    curvatures: probabilities.map((p, at) => (weights[asked[at] as number] as number) * p * (1 - p)),
  };
}
