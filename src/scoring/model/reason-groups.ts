import { findFeature } from './catalogue/catalogue.js';

const CATEGORIES: Readonly<Record<string, string>> = { tier: 'size', stage: 'tenure' };

/** Features and categories of a group form one reason; one without a group is its own reason. */
export function groupOf(feature: string): string {
  return findFeature(feature)?.group ?? CATEGORIES[feature] ?? feature;
}
