/** Of a normal distribution: 95 % lie within. */
const NORMAL_95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `count` of `total` accounts, such as those that left. */
export interface Proportion {
  readonly count: number;
  readonly total: number;
}

/** Wilson's score interval (1927), 95 %. All of 0 to 1 where there are no accounts. */
export function wilsonInterval({ count, total }: Proportion): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const square = NORMAL_95 ** 2;
  const centre = count + square / 2;
  const half = NORMAL_95 * Math.sqrt((count * (total - count)) / total + square / 4);
  const whole = total + square;
  return {
    low: count === 0 ? 0 : (centre - half) / whole,
    high: count === total ? 1 : (centre + half) / whole,
  };
}

/** The share of `one` less that of `other`, with Newcombe's hybrid score interval, 95 % (1998, method 10). NaN where one has no accounts. */
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
