/** Of a percentage that has changed: down 12%. */
export function direction(change: number): string {
  const size = Math.abs(change);
  return `${change < 0 ? 'down' : 'up'} ${size < 1 ? size : Math.round(size)}%`;
}

/** Of a difference in percentage points, at least one: down 3 points. */
export function points(difference: number): string {
  const size = Math.max(1, Math.round(Math.abs(difference)));
  return `${difference < 0 ? 'down' : 'up'} ${counted(size, 'point')}`;
}

/** Rounds a share, but says 0% only for nothing and 100% only for all of it. */
export function percent(share: number): string {
  const whole = Math.round(100 * share);
  if (whole === 0 && share > 0) return 'less than 1%';
  if (whole === 100 && share < 1) return '99%';
  return `${whole}%`;
}

export function days(value: number): string {
  return counted(Math.floor(value), 'day');
}

export function atLeastADay(value: number): string {
  return value < 1 ? 'less than a day' : days(value);
}

/** Compares an account with the larger part of its tier: more features than 80% of its tier. */
export function rankedIn(percentile: number, what: string, less = 'fewer'): string {
  const isHigh = percentile >= 0.5;
  const share = isHigh ? percentile : 1 - percentile;
  return `${isHigh ? 'more' : less} ${what} than ${share >= 1 ? 'the rest' : percent(share)} of its tier`;
}

export function hours(value: number): string {
  if (value < 1) return 'less than an hour';
  return value < 48 ? counted(Math.round(value), 'hour') : days(value / 24);
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The value of a configured trait or gauge: `trait.employees` 250 is "employees 250". */
export function plainText(feature: string, value: number): string {
  return `${withoutKind(feature)} ${Number.isInteger(value) ? value : Number(value.toPrecision(3))}`;
}

/** The name of a configured trait or gauge: `gauge.apiCalls` is "api calls". */
export function plainName(feature: string): string {
  return withoutKind(feature)
    .replace(/(?<=[a-z])(?=[A-Z0-9])/g, ' ')
    .toLowerCase();
}

function withoutKind(feature: string): string {
  return feature.replace(/^(?:trait|gauge)\./, '');
}
