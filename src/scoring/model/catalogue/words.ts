/** Words for values, as the texts of features use them. */

export function direction(change: number): string {
  const size = Math.abs(change);
  return `${change < 0 ? 'down' : 'up'} ${size < 1 ? size : Math.round(size)} %`;
}

export function points(difference: number): string {
  const size = Math.max(1, Math.round(Math.abs(difference)));
  return `${size} percentage ${size === 1 ? 'point' : 'points'} ${difference < 0 ? 'worse than' : 'better than'}`;
}

/** Of a share; only nothing is 0 % and only all of it 100 %. */
export function percent(share: number): string {
  const whole = Math.round(100 * share);
  if (whole === 0 && share > 0) return 'less than 1 %';
  if (whole === 100 && share < 1) return '99 %';
  return `${whole} %`;
}

export function days(value: number): string {
  return counted(Math.floor(value), 'day');
}

export function atLeastADay(value: number): string {
  return value < 1 ? 'less than a day' : days(value);
}

/** Where it stands in its tier, from 0 to 1: said of the greater part of the others. */
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

/** Of a trait or a gauge that the settings name, such as `trait.employees` or `gauge.credits`. */
export function plainText(feature: string, value: number): string {
  return `${withoutKind(feature)} ${Number.isInteger(value) ? value : Number(value.toPrecision(3))}`;
}

/** `gauge.apiCalls`: api calls. */
export function plainName(feature: string): string {
  return withoutKind(feature)
    .replace(/(?<=[a-z])(?=[A-Z0-9])/g, ' ')
    .toLowerCase();
}

function withoutKind(feature: string): string {
  return feature.replace(/^(?:trait|gauge)\./, '');
}
