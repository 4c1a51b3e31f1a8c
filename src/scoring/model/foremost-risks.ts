import { LOGIT_SCALE, type RiskPart } from './churn-risk.js';
import { groupOf } from './reason-groups.js';

/** Minimum contribution to be given as a reason, in logits (a twentieth of the odds); a judgment call. */
const MIN_RISK = 0.05;

/** Groups a risk's contributions into reasons; created once for many accounts. */
export class RiskLines {
  private readonly groups: Uint16Array;
  private readonly sums: Float64Array;
  private readonly foremost: Uint16Array;

  /** @param features of the contributions, in order; one may occur several times */
  constructor(private readonly features: readonly string[]) {
    const places = new Map<string, number>();
    this.groups = Uint16Array.from(features, (feature) => {
      const group = groupOf(feature);
      if (!places.has(group)) places.set(group, places.size);
      return places.get(group) ?? 0;
    });
    this.sums = new Float64Array(places.size);
    this.foremost = new Uint16Array(places.size);
  }

  /**
   * The features that raise the risk most, one per group, with the contribution of the group. Plain loops, since it runs for every account of the list.
   * @param contributions in logits, in the order of the lines
   */
  raising(contributions: ArrayLike<number>, most: number): RiskPart[] {
    const { groups, sums, foremost, features } = this;
    sums.fill(0);
    for (let line = groups.length - 1; line >= 0; line--) {
      const group = groups[line] as number;
      const before = sums[group] as number;
      const size = contributions[line] as number;
      if (before === 0 || size >= (contributions[foremost[group] as number] as number))
        foremost[group] = line;
      sums[group] = before + size;
    }
    const found: RiskPart[] = [];
    while (found.length < most) {
      let first = 0;
      for (let group = 1; group < sums.length; group++)
        if ((sums[group] as number) > (sums[first] as number)) first = group;
      if (!((sums[first] ?? 0) >= MIN_RISK)) break;
      const contribution = Math.round(LOGIT_SCALE * (sums[first] as number));
      found.push({ feature: features[foremost[first] as number] as string, contribution });
      sums[first] = 0;
    }
    return found;
  }
}
