import { coarseCount } from './coarse.js';
import type { FeatureShape } from './task.js';
import { gain, MIN_CURVATURE, newton } from './terms.js';

/** One side of a pair: its coarse bins, cut in order (bins up to the cut against the rest) or, for a category, one against the rest. */
export interface Side {
  readonly bins: number;
  readonly isOrdered: boolean;
  /** A table must not decrease (+1) or increase (−1) along this side. */
  readonly monotone: number;
}

export function sideOf({ coarse, isOrdered, monotone }: FeatureShape): Side {
  return { bins: coarseCount(coarse), isOrdered, monotone };
}

/**
 * The best four leaves of a table of rows × columns of cells: one cut of each side (FAST; Lou, Caruana, Gehrke & Hooker 2013). Writes the
 * Newton step of each cell, or leaves `steps` at 0 if no cut has enough curvature on each side. `sums`: see Sample.advance.
 */
export class Quadrants {
  /** Sums of the low sides: at (i, j) over what the i-th cut of the rows and the j-th of the columns have below them. */
  private readonly gradients: Float64Array;
  private readonly curvatures: Float64Array;

  constructor(
    private readonly rows: Side,
    private readonly columns: Side,
  ) {
    this.gradients = new Float64Array((rows.bins + 1) * (columns.bins + 1));
    this.curvatures = new Float64Array((rows.bins + 1) * (columns.bins + 1));
  }

  step(sums: Float64Array, steps: Float64Array): number {
    this.sumLowSides(sums);
    const cut = this.bestCut();
    if (cut === null) return 0;
    const leaves = this.leavesOf(cut.row, cut.column);
    for (let row = 0; row < this.rows.bins; row++)
      for (let column = 0; column < this.columns.bins; column++) {
        const high =
          (isLow(this.rows, cut.row, row) ? 0 : 2) + (isLow(this.columns, cut.column, column) ? 0 : 1);
        steps[row * this.columns.bins + column] = leaves[high] as number;
      }
    return this.gainOf(cut.row, cut.column);
  }

  /** Twice the loss reduction of the best four leaves; 0 if there are none. */
  bestGain(sums: Float64Array): number {
    this.sumLowSides(sums);
    const cut = this.bestCut();
    return cut === null ? 0 : this.gainOf(cut.row, cut.column);
  }

  /** The last row and column of the tables hold the totals. */
  private sumLowSides(sums: Float64Array): void {
    const { rows, columns, gradients, curvatures } = this;
    const width = columns.bins + 1;
    for (const [part, into] of [
      [0, gradients],
      [1, curvatures],
    ] as const) {
      into.fill(0);
      for (let row = 0; row < rows.bins; row++) {
        let running = 0;
        for (let column = 0; column < columns.bins; column++) {
          const cell = sums[2 * (row * columns.bins + column) + part] as number;
          running += cell;
          into[row * width + column] = columns.isOrdered ? running : cell;
        }
        into[row * width + columns.bins] = running;
      }
      for (let column = 0; column < width; column++) {
        let running = 0;
        for (let row = 0; row < rows.bins; row++) {
          running += into[row * width + column] as number;
          if (rows.isOrdered) into[row * width + column] = running;
        }
        into[rows.bins * width + column] = running;
      }
    }
  }

  private bestCut(): { row: number; column: number } | null {
    let best: { row: number; column: number } | null = null;
    let most = 0;
    for (let row = 0; row < cuts(this.rows); row++)
      for (let column = 0; column < cuts(this.columns); column++) {
        const gained = this.gainOf(row, column);
        if (gained <= most || !this.isMonotone(row, column)) continue;
        most = gained;
        best = { row, column };
      }
    return best;
  }

  /** Gain of the four leaves; −1 if one is too small. */
  private gainOf(row: number, column: number): number {
    const { gradients: g, curvatures: h } = this;
    const width = this.columns.bins + 1;
    const both = row * width + column;
    const below = row * width + this.columns.bins;
    const left = this.rows.bins * width + column;
    const all = this.rows.bins * width + this.columns.bins;
    const ll = h[both] as number;
    const lh = (h[below] as number) - ll;
    const hl = (h[left] as number) - ll;
    const hh = (h[all] as number) - ll - lh - hl;
    if (ll < MIN_CURVATURE || lh < MIN_CURVATURE || hl < MIN_CURVATURE || hh < MIN_CURVATURE) return -1;
    const gll = g[both] as number;
    const glh = (g[below] as number) - gll;
    const ghl = (g[left] as number) - gll;
    const ghh = (g[all] as number) - gll - glh - ghl;
    return gain(gll, ll) + gain(glh, lh) + gain(ghl, hl) + gain(ghh, hh);
  }

  /** Steps of low/low, low/high, high/low, high/high. */
  private leavesOf(row: number, column: number): number[] {
    const parts = [this.gradients, this.curvatures].map((table) => {
      const at = (i: number, j: number): number => table[i * (this.columns.bins + 1) + j] as number;
      const ll = at(row, column);
      const lh = at(row, this.columns.bins) - ll;
      const hl = at(this.rows.bins, column) - ll;
      return [ll, lh, hl, at(this.rows.bins, this.columns.bins) - ll - lh - hl];
    });
    return [0, 1, 2, 3].map((leaf) => newton(parts[0]?.[leaf] ?? 0, parts[1]?.[leaf] ?? 0));
  }

  /** "Missing" has no order, so a cut between it and the rest is always allowed. */
  private isMonotone(row: number, column: number): boolean {
    const checksRows = this.rows.monotone !== 0 && row > 0;
    const checksColumns = this.columns.monotone !== 0 && column > 0;
    if (!checksRows && !checksColumns) return true;
    const [ll = 0, lh = 0, hl = 0, hh = 0] = this.leavesOf(row, column);
    const rises = (direction: number, low: number, high: number): boolean => direction * (high - low) >= 0;
    return (
      (!checksRows || (rises(this.rows.monotone, ll, hl) && rises(this.rows.monotone, lh, hh))) &&
      (!checksColumns || (rises(this.columns.monotone, ll, lh) && rises(this.columns.monotone, hl, hh)))
    );
  }
}

/** With two categories, one against the rest gives the same cut twice, which is harmless. */
function cuts({ bins, isOrdered }: Side): number {
  return isOrdered ? bins - 1 : bins;
}

function isLow({ isOrdered }: Side, cut: number, bin: number): boolean {
  return isOrdered ? bin <= cut : bin === cut;
}
