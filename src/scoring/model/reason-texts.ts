import { findFeature } from './catalogue/catalogue.js';
import { plainName, plainText } from './catalogue/words.js';

/** What a feature's value means for people; undefined when it is unknown. */
export function textFor(feature: string, value: number | null): string | undefined {
  if (value === null) return undefined;
  return findFeature(feature)?.text(value) ?? plainText(feature, value);
}

/** For models, a missing value can be a signal of its own. */
export function unknownText(feature: string): string {
  return `${findFeature(feature)?.name ?? plainName(feature)} unknown`;
}
