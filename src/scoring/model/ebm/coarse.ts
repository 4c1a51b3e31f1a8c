import { binCount, type EbmFeature, MISSING, unseenBin } from './columns.js';

/** Bins of a feature within pairs: two features of 16 bins make 256 cells, so a row's cell fits in a byte. */
export const COARSE_BINS = 16;

/** The coarse bin of each bin: 0 is "missing" again and, for a category, the last is "unseen". */
export type CoarseMap = readonly number[];

/** Coarse bins of a number have about equal counts; the most frequent categories keep their bin, the others share one. */
export function fitCoarse(feature: EbmFeature, counts: ArrayLike<number>): CoarseMap {
  const map = new Array<number>(binCount(feature)).fill(0);
  const unseen = unseenBin(feature);
  if (unseen === null) return coarsenNumber(counts, map);
  const kept = COARSE_BINS - 2;
  for (let bin = MISSING + 1; bin < unseen; bin++) map[bin] = Math.min(bin, kept);
  map[unseen] = Math.min(unseen, kept + 1);
  return map;
}

function coarsenNumber(counts: ArrayLike<number>, map: number[]): CoarseMap {
  const bins = map.length;
  let left = 0;
  for (let bin = 1; bin < bins; bin++) left += counts[bin] ?? 0;
  let group = 1;
  let inGroup = 0;
  for (let bin = 1; bin < bins; bin++) {
    const share = (left + inGroup) / (COARSE_BINS - group);
    const here = counts[bin] ?? 0;
    const overshoots = inGroup > 0 && inGroup + here - share > share - inGroup;
    if (overshoots && bins > COARSE_BINS && group < COARSE_BINS - 1) {
      group++;
      inGroup = 0;
    } else if (bins <= COARSE_BINS && bin > 1) group++;
    map[bin] = group;
    inGroup += here;
    left -= here;
  }
  return map;
}

export function coarseCount(map: CoarseMap): number {
  return 1 + Math.max(...map);
}

/** The coarse bin of values not seen in training; null if the feature has none. */
export function unseenCoarse({
  coarse,
  isOrdered,
}: {
  coarse: CoarseMap;
  isOrdered: boolean;
}): number | null {
  return isOrdered ? null : (coarse.at(-1) ?? null);
}
