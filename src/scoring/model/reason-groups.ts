import { findFeature } from './catalogue/catalogue.js';

const CATEGORIES: Readonly<Record<string, string>> = { tier: 'size', stage: 'tenure' };

/** Features and categories of one group say the same to people; one without a group is told by itself. */
export function groupOf(feature: string): string {
  return findFeature(feature)?.group ?? CATEGORIES[feature] ?? feature;
}
