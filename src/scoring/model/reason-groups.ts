import { findFeature } from './catalogue/catalogue.js';

const CATEGORIES: Readonly<Record<string, string>> = { tier: 'size', stage: 'tenure' };

/** Features and categories of a group mean the same to people; one without a group stands alone. */
export function groupOf(feature: string): string {
  return findFeature(feature)?.group ?? CATEGORIES[feature] ?? feature;
}
