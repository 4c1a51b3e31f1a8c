/** Standard deviations that hold 95% of a normal distribution. */
const NORMAL_95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `count` out of `total` accounts, such as those that churned. */
export interface Proportion {
  readonly count: number;
  readonly total: number;
}

/** Wilson's 95% score interval (1927); 0 to 1 without accounts. */
export function wilsonInterval({ count, total }: Proportion): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const square = NORMAL_95 ** 2;
  const center = count + square / 2;
  const half = NORMAL_95 * Math.sqrt((count * (total - count)) / total + square / 4);
  const whole = total + square;
  return {
    low: count === 0 ? 0 : (center - half) / whole,
    high: count === total ? 1 : (center + half) / whole,
  };
}

/** The difference of two shares with Newcombe's 95% hybrid score interval (1998, method 10). NaN when either has no accounts. */
export function differenceOf(one: Proportion, other: Proportion): Interval & { readonly difference: number } {
  const [here, there] = [one.count / one.total, other.count / other.total];
  const [around, aside] = [wilsonInterval(one), wilsonInterval(other)];
  const difference = here - there;
  return {
    difference,
    low: difference - Math.hypot(here - around.low, aside.high - there),
    high: difference + Math.hypot(around.high - here, there - aside.low),
  };
}
